import { describe, expect, it } from 'vitest';
import { formatTraceParent, newTraceParent, parseTraceParent } from './trace-parent.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

describe('the header traceparent', () => {
  it.each([
    [`00-${traceId}-${spanId}-01`, { traceId, spanId, sampled: true }],
    [`00-${traceId}-${spanId}-00`, { traceId, spanId, sampled: false }],
    [`00-${traceId}-${spanId}-03`, { traceId, spanId, sampled: true }],
    [`cc-${traceId}-${spanId}-01-of-the-future`, { traceId, spanId, sampled: true }],
  ])('reads %s', (header, expected) => {
    expect(parseTraceParent(header)).toEqual(expected);
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}`,
  ])('does not take %s for one', (header) => {
    expect(parseTraceParent(header)).toBeUndefined();
  });

  it('is written as it was read, and a new one each time', () => {
    const made = newTraceParent(true);
    expect(parseTraceParent(formatTraceParent(made))).toEqual(made);
    expect(newTraceParent(true).traceId).not.toBe(made.traceId);
  });
});
