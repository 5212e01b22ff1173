import { describe, expect, test } from 'vitest';
import { quoteSteps, type QuoteState, type QuoteStatus, stateAfter, statusAt } from './lifecycle.js';

const expiresAt = new Date('2026-12-01T23:00:00.000Z');
const before = new Date('2026-12-01T22:59:59.999Z');
const after = new Date('2027-01-01T00:00:00.000Z');

describe('the status at an instant', () => {
  test.each<[QuoteState, QuoteStatus]>([
    ['DRAFT', 'EXPIRED'],
    ['SENT', 'EXPIRED'],
    ['ACCEPTED', 'ACCEPTED'],
    ['DECLINED', 'DECLINED'],
    ['SUPERSEDED', 'SUPERSEDED'],
  ])('%s is %s from the instant at which it expires on', (state, status) => {
    expect(statusAt({ state, expiresAt }, before)).toBe(state);
    expect(statusAt({ state, expiresAt }, expiresAt)).toBe(status);
    expect(statusAt({ state, expiresAt }, after)).toBe(status);
  });
});

/** By status, what each of APPROVE, REJECT, SEND, ACCEPT, DECLINE and SUPERSEDE makes of it. */
const table: Readonly<Record<QuoteStatus, readonly (QuoteState | null)[]>> = {
  DRAFT: ['DRAFT', 'DRAFT', 'SENT', null, null, 'SUPERSEDED'],
  SENT: [null, null, null, 'ACCEPTED', 'DECLINED', 'SUPERSEDED'],
  ACCEPTED: [null, null, null, null, null, null],
  DECLINED: [null, null, null, null, null, 'SUPERSEDED'],
  EXPIRED: [null, null, null, null, null, 'SUPERSEDED'],
  SUPERSEDED: [null, null, null, null, null, null],
};

describe('the steps', () => {
  test.each(Object.keys(table) as QuoteStatus[])('from %s', (status) => {
    expect(quoteSteps.map((step) => stateAfter(status, step))).toEqual(table[status]);
  });
});
