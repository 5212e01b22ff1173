import { describe, expect, it } from 'vitest';
import { assertShallow, deepestValue } from './nesting.js';

/** A list in a list, so many levels. */
const nested = (levels: number): unknown =>
  JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`) as unknown;
const text = (value: unknown) => JSON.stringify(value);

describe('how deep values nest', () => {
  it.each([
    ['nothing', {}],
    ['wide values', { variables: { list: Array.from({ length: 10_000 }, (_, index) => ({ index })) } }],
    ['the deepest', { variables: nested(deepestValue) }],
    ['the deepest, as a text', { variables: text(nested(deepestValue)) }],
    ['a text that is no JSON', { variables: '['.repeat(9_000) }],
  ])('%s may be sent', (_, params) => {
    expect(() => assertShallow(params)).not.toThrow();
  });

  it.each([
    ['variables', { variables: nested(deepestValue + 1) }],
    ['variables', { variables: { deep: nested(6_000) } }],
    ['variables', { variables: `${'['.repeat(6_000)}${']'.repeat(6_000)}` }],
    ['extensions', { extensions: text(nested(deepestValue + 1)) }],
  ])('%s beyond that are refused by name', (name, params) => {
    expect(() => assertShallow(params)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`\`${name}\` has more than 100 levels`),
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }),
      }),
    );
  });
});
