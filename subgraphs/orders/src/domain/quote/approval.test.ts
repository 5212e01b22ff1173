import { expect, test } from 'vitest';
import { approvalOf, decisionError, type QuoteApproval, unapprovedError } from './approval.js';
import type { QuoteStep } from './lifecycle.js';

const madeBy = (needsApproval: boolean, steps: readonly QuoteStep[]) => ({
  createdBy: 'internal:jane',
  needsApproval,
  events: steps.map((step) => ({ step, at: new Date(0), by: 'internal:joe', reason: 'A large customer' })),
});

test.each<[boolean, readonly QuoteStep[], QuoteApproval, string | null, string | null]>([
  [false, [], 'NOT_NEEDED', null, 'APPROVAL_NOT_NEEDED'],
  [false, ['SEND'], 'NOT_NEEDED', null, 'APPROVAL_NOT_NEEDED'],
  [true, [], 'NEEDED', 'APPROVAL_NEEDED', null],
  [true, ['APPROVE'], 'APPROVED', null, 'APPROVAL_NOT_NEEDED'],
  [true, ['APPROVE', 'SEND'], 'APPROVED', null, 'APPROVAL_NOT_NEEDED'],
  [true, ['REJECT'], 'REFUSED', 'APPROVAL_REFUSED', 'APPROVAL_NOT_NEEDED'],
])('needed: %s, steps %j: %s', (needed, steps, approval, whenSent, whenDecided) => {
  const quote = madeBy(needed, steps);
  expect(approvalOf(quote)).toBe(approval);
  expect(unapprovedError(quote)?.code ?? null).toBe(whenSent);
  expect(decisionError(quote, 'internal:joe')?.code ?? null).toBe(whenDecided);
});

test('nobody decides on a quote of their own', () => {
  expect(decisionError(madeBy(true, []), 'internal:jane')).toMatchObject({
    code: 'APPROVAL_BY_SAME_PERSON',
    field: ['quoteId'],
  });
});
