import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import { describe, expect, it, test } from 'vitest';
import { amountDue, amountPaid, invoiceNumber, invoiceStatusAt } from './invoice.js';

const dueOn = localDate('2026-12-23');
const usd = (minor: bigint) => money(minor, 'USD');

interface Settled {
  readonly paid?: readonly bigint[];
  /** The part of the last payment that was not due any more. */
  readonly overpaid?: bigint;
  readonly credited?: bigint;
  readonly writtenOff?: bigint;
  readonly voidedBy?: string;
  readonly number?: null;
}

/** An invoice over 100.00 to an invoice owner in Los Angeles, with what settled it in cents. */
function invoiceWith({
  paid = [],
  overpaid = 0n,
  credited = 0n,
  writtenOff = 0n,
  voidedBy,
  number,
}: Settled) {
  return {
    number: number === null ? null : 'US-00000001',
    currency: 'USD' as const,
    total: usd(10_000n),
    dueOn,
    billingTimeZone: 'America/Los_Angeles',
    payments: paid.map((minor, index) => ({
      id: `payment ${index}`,
      invoiceId: 'invoice',
      amount: usd(minor),
      overpaid: usd(index === paid.length - 1 ? overpaid : 0n),
      receivedAt: new Date('2026-12-01T00:00:00Z'),
      reference: 'wire',
      origin: 'RECORDED' as const,
    })),
    creditsApplied:
      credited === 0n ? [] : [{ creditId: 'credit', amount: usd(credited), appliedAt: new Date(0) }],
    writtenOff: usd(writtenOff),
    voidedBy: voidedBy ?? null,
  };
}

describe('how an invoice stands', () => {
  const beforeDue = '2026-12-01T12:00:00Z';
  const lastSecondOfDueDay = '2026-12-24T07:59:59Z';
  const afterDue = '2026-12-24T08:00:00Z';

  test.each<[string, Settled, string, string, bigint]>([
    ['without a number', { number: null }, beforeDue, 'DRAFT', 10_000n],
    ['nothing paid', {}, beforeDue, 'POSTED', 10_000n],
    ['nothing paid on the due day', {}, lastSecondOfDueDay, 'POSTED', 10_000n],
    ['nothing paid the day after', {}, afterDue, 'OVERDUE', 10_000n],
    ['paid in part', { paid: [4_000n] }, beforeDue, 'PARTLY_PAID', 6_000n],
    ['paid in part on the due day', { paid: [4_000n] }, lastSecondOfDueDay, 'PARTLY_PAID', 6_000n],
    ['paid in part the day after', { paid: [4_000n, 5_999n] }, afterDue, 'OVERDUE', 1n],
    ['paid by two payments', { paid: [4_000n, 6_000n] }, beforeDue, 'PAID', 0n],
    ['paid late', { paid: [10_000n] }, afterDue, 'PAID', 0n],
    ['paid too much', { paid: [10_001n], overpaid: 1n }, afterDue, 'PAID', 0n],
    ['settled by credit in part', { credited: 2_000n }, beforeDue, 'PARTLY_PAID', 8_000n],
    ['settled by credit and payment', { credited: 2_000n, paid: [8_000n] }, afterDue, 'PAID', 0n],
    ['written off in part', { writtenOff: 1n }, afterDue, 'OVERDUE', 9_999n],
    ['written off at last', { paid: [1n], writtenOff: 9_999n }, afterDue, 'WRITTEN_OFF', 0n],
    ['taken back', { credited: 10_000n, voidedBy: 'memo' }, afterDue, 'VOID', 0n],
  ])('%s', (_, settled, instant, status, due) => {
    const invoice = invoiceWith(settled);
    expect(invoiceStatusAt(invoice, new Date(instant))).toBe(status);
    expect(amountDue(invoice)).toEqual(usd(due));
  });

  it('counts as paid what was due, and not what was paid too much', () => {
    expect(amountPaid(invoiceWith({ paid: [4_000n, 7_000n], overpaid: 1_000n }))).toEqual(usd(10_000n));
  });

  it('is numbered for people', () => {
    expect(invoiceNumber('US', 1_234n)).toBe('US-00001234');
    expect(invoiceNumber('EU', 123_456_789n)).toBe('EU-123456789');
  });
});
