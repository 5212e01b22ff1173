import { expect, test } from 'vitest';
import { draftOf, internal, on, refusals } from '../../../../fixtures/judged.js';
import { agreedYear, subscribed, subscriptionId } from '../../../../fixtures/order-facts.js';

test('a lapsed subscription is renewed for the end of its term, by sales', () => {
  const term = { startDate: on('2025-11-20'), endDate: on('2026-11-20'), months: 12 };
  const actions = [{ renew: { subscriptionId } }];
  const draft = draftOf(subscribed(agreedYear({ term }), {}, internal), actions);
  expect(draft.effectiveDate).toBe('2026-11-20');
  expect(refusals(subscribed(agreedYear({ term })), actions)).toEqual([
    'EFFECTIVE_DATE_INVALID effectiveDate',
  ]);
});

test('a renewal on another day, of too much, or with a discount is refused', () => {
  const quantities = [
    { productCode: 'PREMIUM', quantity: 0 },
    { productCode: 'PREMIUM', quantity: 1, discount: { percent: '1' } },
  ];
  const path = 'actions.0.renew';
  expect(refusals(subscribed(agreedYear()), [{ renew: { subscriptionId, quantities } }])).toEqual([
    `QUANTITY_OUT_OF_RANGE ${path}.quantities.0.quantity`,
    `DISCOUNT_INVALID ${path}.quantities.1.discount`,
    `INVALID_VALUE ${path}.quantities.1.productCode`,
  ]);
  expect(
    refusals(subscribed(agreedYear()), [{ renew: { subscriptionId } }], { effectiveDate: on('2027-10-31') }),
  ).toEqual([`DATE_OUTSIDE_TERM ${path}`]);
});
