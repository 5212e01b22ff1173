import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import { describe, expect, it, test } from 'vitest';
import { amountDue, amountPaid, invoiceNumber, invoiceStatusAt } from './invoice.js';

const dueOn = localDate('2026-12-23');

/** An invoice over 100.00 to an invoice owner in Los Angeles, with payments in cents. */
function invoiceWith(...paid: bigint[]) {
  return {
    currency: 'USD' as const,
    total: money(10_000n, 'USD'),
    dueOn,
    billingTimeZone: 'America/Los_Angeles',
    payments: paid.map((minor, index) => ({
      id: `payment ${index}`,
      invoiceId: 'invoice',
      amount: money(minor, 'USD'),
      receivedAt: new Date('2026-12-01T00:00:00Z'),
      reference: 'wire',
    })),
  };
}

describe('how an invoice stands', () => {
  const beforeDue = '2026-12-01T12:00:00Z';
  const lastSecondOfDueDay = '2026-12-24T07:59:59Z';
  const afterDue = '2026-12-24T08:00:00Z';

  test.each([
    ['nothing paid', [], beforeDue, 'POSTED', 10_000n],
    ['nothing paid on the due day', [], lastSecondOfDueDay, 'POSTED', 10_000n],
    ['nothing paid the day after', [], afterDue, 'OVERDUE', 10_000n],
    ['paid in part', [4_000n], beforeDue, 'PARTLY_PAID', 6_000n],
    ['paid in part on the due day', [4_000n], lastSecondOfDueDay, 'PARTLY_PAID', 6_000n],
    ['paid in part the day after', [4_000n, 5_999n], afterDue, 'OVERDUE', 1n],
    ['paid by two payments', [4_000n, 6_000n], beforeDue, 'PAID', 0n],
    ['paid late', [10_000n], afterDue, 'PAID', 0n],
    ['paid too much', [10_001n], afterDue, 'PAID', -1n],
  ] as const)('%s', (_, paid, instant, status, due) => {
    const invoice = invoiceWith(...paid);
    expect(invoiceStatusAt(invoice, new Date(instant))).toBe(status);
    expect(amountDue(invoice)).toEqual(money(due, 'USD'));
    expect(amountPaid(invoice)).toEqual(money(10_000n - due, 'USD'));
  });

  it('is numbered for people', () => {
    expect(invoiceNumber('US', 1_234n)).toBe('US-00001234');
    expect(invoiceNumber('EU', 123_456_789n)).toBe('EU-123456789');
  });
});
