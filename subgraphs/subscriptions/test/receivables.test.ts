import { rateCharge } from '@fulfillment/kernel/domain/billing/rating';
import { taxLine } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { money } from '@fulfillment/kernel/domain/money';
import { query } from '@fulfillment/kernel/server/sql';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import type { Account } from '../src/domain/account.js';
import { amountCredited, amountDue, amountPaid, invoiceStatusAt } from '../src/domain/invoice.js';
import { postDocuments } from '../src/service/post-documents.js';
import type { UnitOfWork } from '../src/service/ports.js';
import { recordPayment } from '../src/service/record-payment.js';
import { startRefund } from '../src/service/refund-payment.js';
import { voidInvoice } from '../src/service/void-invoice.js';
import { approveWriteOff, requestWriteOff } from '../src/service/write-off.js';
import { addSubscription, bill, line, payer } from './example-bill.js';

const now = new Date('2026-11-23T12:00:00.000Z');
const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, {
  now: async () => now,
});

beforeAll(() => addSubscription(dataSource));

/** Posts a document by name for an account; its id. */
async function post(name: string, owner: Account, ...lines: ReturnType<typeof line>[]): Promise<string> {
  const document = bill(name, owner, lines, now);
  await transaction((work) => postDocuments(work, [document], now));
  return document.draft.id;
}

const invoice = async (id: string) => {
  const found = await transaction((work) => work.documents.findInvoice(id));
  if (found === null) throw new Error(`No invoice ${id}`);
  return found;
};

/** What is due, credited and paid on an invoice, and how it stands. */
async function standing(id: string) {
  const found = await invoice(id);
  return {
    status: invoiceStatusAt(found, now),
    due: amountDue(found).minor,
    credited: amountCredited(found).minor,
    paid: amountPaid(found).minor,
  };
}

async function creditLeft(owner: Account): Promise<bigint> {
  const credits = await transaction((work) => work.credits.openCredits([owner.id]));
  return credits.reduce((total, { remaining }) => total + remaining.minor, 0n);
}

/** The ledger's postings for an account, by ledger account; those that cancel out are left out. */
async function balances(owner: Account): Promise<Record<string, string>> {
  const rows = await query<{ ledger_account: string; minor: string }>(
    dataSource.manager,
    sql`SELECT p.ledger_account, sum(p.amount_minor)::text AS minor
        FROM ledger_posting AS p JOIN ledger_entry AS e ON e.id = p.entry_id
        WHERE e.account_id = ${owner.id} GROUP BY 1 HAVING sum(p.amount_minor) <> 0`,
  );
  return Object.fromEntries(rows.map((row) => [row.ledger_account, row.minor]));
}

const usd = (amount: string) => ({ amount, currency: 'USD' });
const pay = (invoiceId: string, amount: string, callId = amount) =>
  transaction((work) => recordPayment(work, { invoiceId, amount: usd(amount), reference: 'wire' }, callId));

describe('documents', () => {
  test('a positive sum is an invoice, a negative one a credit memo, each with numbers of its own', async () => {
    const owner = payer('numbers', { legalEntityCode: 'NO' });
    const documents = [
      bill('first', owner, [line(100n)], now),
      bill('second', owner, [line(-300n)], now),
      bill('third', owner, [line(100n), line(-50n)], now),
    ];
    const numbers = await transaction((work) => postDocuments(work, documents, now));
    expect(documents.map(({ draft }) => numbers.get(draft.id))).toEqual([
      'NO-00000001',
      'NO-CM-00000001',
      'NO-00000002',
    ]);
  });

  test('have no gaps in their numbers when many are posted at once and some fail', async () => {
    const owner = payer('parallel', { legalEntityCode: 'PA' });
    const attempts = Array.from({ length: 12 }, (_, index) =>
      transaction(async (work) => {
        await postDocuments(
          work,
          [bill(`parallel ${index}`, owner, [line(index % 2 ? -100n : 200n)], now)],
          now,
        );
        if (index % 3 === 0) throw new Error('after the numbers were drawn');
      }),
    );
    const settled = await Promise.allSettled(attempts);
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(4);
    const numbers = await query<{ number: string }>(
      dataSource.manager,
      sql`SELECT number FROM invoice WHERE legal_entity_code = 'PA'
          UNION ALL SELECT number FROM credit_memo WHERE legal_entity_code = 'PA' ORDER BY number`,
    );
    expect(numbers.map(({ number }) => number)).toEqual([
      ...[1, 2, 3, 4].map((index) => `PA-0000000${index}`),
      ...[1, 2, 3, 4].map((index) => `PA-CM-0000000${index}`),
    ]);
  });
});

describe('account credit', () => {
  test('F61: $20 of account credit and a charge of $100 leave a balance of $80', async () => {
    const owner = payer('F61');
    await post('F61 credit', owner, line(-2_000n));
    const id = await post('F61 charge', owner, line(10_000n));
    expect(await standing(id)).toEqual({ status: 'PARTLY_PAID', due: 8_000n, credited: 2_000n, paid: 0n });
    expect(await creditLeft(owner)).toBe(0n);
    expect(await balances(owner)).toEqual({ RECEIVABLES: '8000', DEFERRED_REVENUE: '-8000' });
  });

  test('F62: 20000 + 25% tax, ended on day 1 of 30 under INCLUSIVE_DAYS: a credit of 19333 + 4833 = 24166', async () => {
    const owner = payer('F62');
    const rated = rateCharge({
      unitPrice: '200.00',
      currency: 'USD',
      pricePeriod: 'MONTH',
      billingPeriod: 'MONTH',
      quantity: 1,
      anchor: localDate('2026-11-01'),
      servicePeriod: { start: localDate('2026-11-02'), end: localDate('2026-12-01') },
      policy: 'INCLUSIVE_DAYS',
    });
    const amount = money(-rated.amount.minor, 'USD');
    const tax = taxLine(amount, { rate: '25', jurisdiction: 'US', reason: 'DOMESTIC' });
    const credit = line(-1n, { ...rated, kind: 'CREDIT', amount, tax });
    const memo = bill('F62', owner, [credit], now);
    expect(memo).toMatchObject({
      kind: 'CREDIT_MEMO',
      draft: { net: money(19_333n, 'USD'), tax: money(4_833n, 'USD'), total: money(24_166n, 'USD') },
    });
    await transaction((work) => postDocuments(work, [memo], now));
    expect(await creditLeft(owner)).toBe(24_166n);
    expect(await balances(owner)).toEqual({
      DEFERRED_REVENUE: '19333',
      TAX_PAYABLE: '4833',
      ACCOUNT_CREDIT: '-24166',
    });
  });

  test('D35: 599.95 paid, then two changes of plan: 15.49 of the account credit is used', async () => {
    const owner = payer('D35');
    const first = await post('D35 first', owner, line(59_995n));
    await pay(first, '599.95');
    await post('D35 on the 7th', owner, line(-48_383n), line(802n));
    expect(await creditLeft(owner)).toBe(47_581n);
    const second = await post('D35 on the 8th', owner, line(-770n), line(2_319n));
    expect(await standing(second)).toEqual({ status: 'PAID', due: 0n, credited: 1_549n, paid: 0n });
    expect(await creditLeft(owner)).toBe(47_581n - 1_549n);
  });

  test('settles what was owed before, the invoice that is due first', async () => {
    const owner = payer('older');
    const [older, newer] = [
      await post('older', owner, line(5_000n)),
      await post('newer', owner, line(5_000n)),
    ];
    await post('older credit', owner, line(-7_000n));
    const dues = [(await standing(older)).due, (await standing(newer)).due].toSorted((left, right) =>
      Number(left - right),
    );
    expect(dues).toEqual([0n, 3_000n]);
    expect(await creditLeft(owner)).toBe(0n);
  });

  test('never settles in another legal entity or currency', async () => {
    const owner = payer('two entities');
    await post('credit in US', owner, line(-5_000n));
    const id = await post('charge in EU', { ...owner, legalEntityCode: 'EU' }, line(5_000n));
    expect((await standing(id)).due).toBe(5_000n);
  });
});

describe('payments and refunds', () => {
  test('what is paid too much becomes account credit, which settles the next invoice', async () => {
    const owner = payer('overpaid');
    const id = await post('overpaid', owner, line(10_000n));
    expect(await pay(id, '120.00')).toMatchObject({ ok: true });
    expect(await standing(id)).toEqual({ status: 'PAID', due: 0n, credited: 0n, paid: 10_000n });
    expect(await creditLeft(owner)).toBe(2_000n);
    const next = await post('after overpaid', owner, line(1_500n));
    expect(await standing(next)).toMatchObject({ status: 'PAID', credited: 1_500n });
    expect(await balances(owner)).toEqual({
      CASH: '12000',
      DEFERRED_REVENUE: '-11500',
      ACCOUNT_CREDIT: '-500',
    });
  });

  test('a refund takes account credit first and our own money beyond it', async () => {
    const owner = payer('refunded');
    const id = await post('refunded', owner, line(10_000n));
    const paid = await pay(id, '130.00');
    if (!paid.ok) throw new Error(paid.error.message);
    const refund = (amount: string, callId = amount) =>
      transaction((work) =>
        startRefund(work, { paymentId: paid.value, amount: usd(amount), reference: 'back' }, callId),
      );
    expect(await refund('50.00')).toMatchObject({ ok: true });
    expect(await creditLeft(owner)).toBe(0n);
    expect(await standing(id)).toMatchObject({ status: 'PAID', due: 0n });
    expect(await balances(owner)).toEqual({ CASH: '8000', REFUNDS: '2000', DEFERRED_REVENUE: '-10000' });
    expect(await refund('80.01')).toMatchObject({ ok: false, error: { code: 'AMOUNT_OUT_OF_RANGE' } });
    expect(await refund('80.00')).toMatchObject({ ok: true });
  });

  test.each([
    ['another currency', { amount: { amount: '1.00', currency: 'EUR' } }, 'CURRENCY_MISMATCH'],
    ['an unknown currency', { amount: { amount: '1.00', currency: 'XXQ' } }, 'CURRENCY_UNKNOWN'],
    ['too many digits', { amount: usd('1.001') }, 'INVALID_VALUE'],
    ['nothing', { amount: usd('0.00') }, 'AMOUNT_OUT_OF_RANGE'],
    ['a negative amount', { amount: usd('-1.00') }, 'AMOUNT_OUT_OF_RANGE'],
    ['no reference', { reference: '' }, 'INVALID_VALUE'],
    ['no invoice', { invoiceId: 'nonsense' }, 'INVOICE_NOT_FOUND'],
  ])('a payment with %s is refused', async (name, changes, code) => {
    const invoiceId = await post(`refused ${name}`, payer('refused payments'), line(100n));
    const request = { invoiceId, amount: usd('1.00'), reference: 'wire', ...changes };
    const answer = await transaction((work) => recordPayment(work, request, name));
    expect(answer).toMatchObject({ ok: false, error: { code } });
    expect((await standing(invoiceId)).paid).toBe(0n);
  });

  test('of two payments at once, the second finds what the first left due', async () => {
    const owner = payer('two at once');
    const id = await post('two at once', owner, line(10_000n));
    await Promise.all([pay(id, '60.00', 'a'), pay(id, '60.00', 'b')]);
    expect(await standing(id)).toMatchObject({ status: 'PAID', due: 0n, paid: 10_000n });
    expect(await creditLeft(owner)).toBe(2_000n);
  });
});

describe('voiding', () => {
  const untouched = { subscriptionId: derivedId('test-payer', 'untouched subscription') };
  beforeAll(() => addSubscription(dataSource, untouched.subscriptionId));

  test('takes back an unpaid invoice with a credit memo of the opposite lines', async () => {
    const owner = payer('voided');
    const id = await post('voided', owner, line(10_000n, { ...untouched, taxRate: '25' }));
    expect(await transaction((work) => voidInvoice(work, id))).toMatchObject({ ok: true });
    expect(await standing(id)).toMatchObject({ status: 'VOID', due: 0n });
    expect(await creditLeft(owner)).toBe(0n);
    expect(await balances(owner)).toEqual({});
    expect(await transaction((work) => voidInvoice(work, id))).toMatchObject({
      error: { code: 'INVOICE_ALREADY_CREDITED' },
    });
  });

  test('is refused when a later document gives back a part of it', async () => {
    const owner = payer('credited later');
    const charged = await post('charged', owner, line(10_000n, { ...untouched, productCode: 'AI_ADD_ON' }));
    await post('credited later', owner, line(-100n, { ...untouched, productCode: 'AI_ADD_ON' }));
    expect(await transaction((work) => voidInvoice(work, charged))).toMatchObject({
      error: { code: 'INVOICE_ALREADY_CREDITED' },
    });
  });

  test('leaves what was paid as account credit', async () => {
    const owner = payer('voided and paid');
    const id = await post('voided and paid', owner, line(10_000n, { ...untouched, productCode: 'OTHER' }));
    await pay(id, '40.00');
    expect(await transaction((work) => voidInvoice(work, id))).toMatchObject({ ok: true });
    expect(await creditLeft(owner)).toBe(4_000n);
    expect(await balances(owner)).toEqual({ CASH: '4000', ACCOUNT_CREDIT: '-4000' });
  });

  test('gives nothing back a second time: not after money went back as our expense', async () => {
    const owner = payer('refunded, then voided');
    const id = await post('refunded, then voided', owner, line(10_000n, { ...untouched, productCode: 'A' }));
    const paid = await pay(id, '100.00');
    if (!paid.ok) throw new Error(paid.error.message);
    const refund = { paymentId: paid.value, amount: usd('30.00'), reference: 'back' };
    await transaction((work) => startRefund(work, refund, 'once'));
    expect(await transaction((work) => voidInvoice(work, id))).toMatchObject({
      ok: false,
      error: { code: 'INVOICE_ALREADY_CREDITED', field: ['invoiceId'] },
    });
    expect(await creditLeft(owner)).toBe(0n);
    expect(await balances(owner)).toEqual({ CASH: '7000', REFUNDS: '3000', DEFERRED_REVENUE: '-10000' });
  });

  test('and the other way round: a refund takes the credit of the void', async () => {
    const owner = payer('voided, then refunded');
    const id = await post('voided, then refunded', owner, line(10_000n, { ...untouched, productCode: 'B' }));
    const paid = await pay(id, '100.00');
    if (!paid.ok) throw new Error(paid.error.message);
    const refund = (amount: string) =>
      transaction((work) =>
        startRefund(work, { paymentId: paid.value, amount: usd(amount), reference: 'back' }, amount),
      );
    expect(await transaction((work) => voidInvoice(work, id))).toMatchObject({ ok: true });
    const both = await Promise.all([refund('60.00'), refund('60.01')]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await refund('40.00')).toMatchObject({ ok: both[0]?.ok });
    const books = await balances(owner);
    expect(books).not.toHaveProperty('REFUNDS');
    expect(-BigInt(books['ACCOUNT_CREDIT'] ?? '0')).toBe(await creditLeft(owner));
    expect(BigInt(books['CASH'] ?? '0')).toBe(await creditLeft(owner));
  });
});

describe('a payment that a person records', () => {
  test.each(['9999-12-31T23:59:59Z', '2026-11-23T12:00:00.001Z', '0001-01-01T00:00:00Z'])(
    'is refused with a slip in its instant: %s',
    async (receivedAt) => {
      const id = await post(`received ${receivedAt}`, payer('received'), line(10_000n));
      const request = {
        invoiceId: id,
        amount: { amount: '1.00', currency: 'USD' },
        reference: 'wire',
        receivedAt: new Date(receivedAt),
      };
      expect(await transaction((work) => recordPayment(work, request, receivedAt))).toMatchObject({
        error: { code: 'INVALID_VALUE', field: ['receivedAt'] },
      });
    },
  );
});

describe('write-offs', () => {
  const request = (invoiceId: string, by: string) =>
    transaction((work) => requestWriteOff(work, { invoiceId, reason: 'Insolvent' }, by, by));
  const approve = (requestId: string, by: string) =>
    transaction((work) => approveWriteOff(work, requestId, by));

  test('have effect when a second person approves, and not before', async () => {
    const owner = payer('written off');
    const id = await post('written off', owner, line(10_000n, { productCode: 'GIVEN_UP' }));
    await pay(id, '30.00');
    const asked = await request(id, 'internal:ada');
    if (!asked.ok) throw new Error(asked.error.message);
    expect((await standing(id)).due).toBe(7_000n);
    expect(await approve(asked.value, 'internal:ada')).toMatchObject({ error: { code: 'SAME_PERSON' } });
    expect(await approve(asked.value, 'internal:grace')).toMatchObject({ ok: true });
    expect(await standing(id)).toMatchObject({ status: 'WRITTEN_OFF', due: 0n });
    expect(await balances(owner)).toEqual({ CASH: '3000', DEFERRED_REVENUE: '-10000', BAD_DEBT: '7000' });
    expect(await approve(asked.value, 'internal:linus')).toMatchObject({
      error: { code: 'ALREADY_APPROVED' },
    });
    // To take it back as well would give the account credit for what it never paid.
    expect(await transaction((work) => voidInvoice(work, id))).toMatchObject({
      error: { code: 'INVOICE_SETTLED' },
    });
    expect(await creditLeft(owner)).toBe(0n);
    expect(await request(id, 'internal:ada')).toMatchObject({ error: { code: 'AMOUNT_OUT_OF_RANGE' } });
  });

  test('are refused when the invoice was paid in the meantime', async () => {
    const id = await post('paid in the meantime', payer('paid in the meantime'), line(10_000n));
    const asked = await request(id, 'internal:ada');
    if (!asked.ok) throw new Error(asked.error.message);
    await pay(id, '0.01');
    expect(await approve(asked.value, 'internal:grace')).toMatchObject({
      error: { code: 'AMOUNT_OUT_OF_RANGE' },
    });
  });

  test('the database itself refuses the same person', async () => {
    const id = await post('same person', payer('same person'), line(10_000n));
    const asked = await request(id, 'internal:ada');
    if (!asked.ok) throw new Error(asked.error.message);
    const sneaked = transaction((work: UnitOfWork) =>
      work.approvals.approve({
        requestId: asked.value,
        requestedBy: 'internal:ada',
        approvedBy: 'internal:ada',
        approvedAt: now,
      }),
    );
    await expect(sneaked).rejects.toThrow(/approval_second_person/);
  });
});

test('an invoice is overdue the day after its due day, and paid credit counts as paid', async () => {
  const id = await post('overdue', payer('overdue', { paymentTermsDays: 0 }), line(10_000n));
  const found = await invoice(id);
  const noonOn = (days: number) => new Date(`${addDays(found.dueOn, days)}T12:00:00Z`);
  expect(invoiceStatusAt(found, noonOn(0))).toBe('POSTED');
  expect(invoiceStatusAt(found, noonOn(1))).toBe('OVERDUE');
});
