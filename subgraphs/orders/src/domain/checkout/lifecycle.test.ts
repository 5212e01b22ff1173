import { describe, expect, test } from 'vitest';
import {
  checkoutAfter,
  type CheckoutStatus,
  checkoutStatuses,
  checkoutSteps,
  unfinishedCheckouts,
} from './lifecycle.js';

/** By status, what ORDER_PLACED, ORDER_REFUSED, PAYMENT_DECLINED, PAYMENT_EXPIRED, ORDER_CARRIED_OUT and MONEY_REFUNDED make of it. */
const table: Readonly<Record<CheckoutStatus, readonly (CheckoutStatus | null)[]>> = {
  OPEN: ['PAID', 'REFUNDING', 'DECLINED', 'EXPIRED', null, null],
  PAID: [null, 'REFUNDING', null, null, 'COMPLETED', null],
  COMPLETED: [null, null, null, null, null, null],
  DECLINED: [null, null, null, null, null, null],
  EXPIRED: [null, null, null, null, null, null],
  REFUNDING: [null, null, null, null, null, 'REFUNDED'],
  REFUNDED: [null, null, null, null, null, null],
};

describe('the steps', () => {
  test.each(checkoutStatuses)('from %s', (status) => {
    expect(checkoutSteps.map((step) => checkoutAfter(status, step))).toEqual(table[status]);
  });

  test('those that wait for something are carried on', () => {
    expect(unfinishedCheckouts).toEqual(['OPEN', 'PAID', 'REFUNDING']);
  });
});
