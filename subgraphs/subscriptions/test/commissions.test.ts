import { localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { query } from '@fulfillment/kernel/server/sql';
import type { CommissionEarnedPayload } from '@fulfillment/schema/events/partners';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { bookCommission, CommissionBookingError } from '../src/service/book-commission.js';
import { closeAccountingPeriod } from '../src/service/close-accounting-period.js';
import { type Bill, postablesOf, postAll } from '../src/service/post-bills.js';
import { voidInvoice } from '../src/service/void-invoice.js';
import { addSubscription, line, payer, subscriptionId } from './example-bill.js';

const now = new Date('2026-11-23T12:00:00.000Z');
const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, {
  now: async () => now,
});
const partnerId = derivedId('test-partner', 'commissions');
const owner = payer('a partner that pays', { legalEntityCode: 'US' });

beforeAll(() => addSubscription(dataSource));

const idOf = (name: string) => derivedId('test-bill', name);

/** Posts what a partner sold, as one document. */
const post = (name: string, lines: Bill['lines'], at = now) =>
  transaction((work) => {
    const bill = { id: idOf(name), orderId: null, fellDueOn: null, invoiceOwner: owner, partnerId, lines };
    return postAll(work, postablesOf(bill, at), at);
  });

/** What was told of a document: its net, and by the name of the invoice what it gives back. */
async function told(id: string, names: readonly string[] = []) {
  const rows = await query<{
    payload: { net: { minor: string }; credits: { invoiceId: string; net: { minor: string } }[] };
  }>(
    dataSource.manager,
    sql`SELECT payload FROM outbox
        WHERE topic = 'subscriptions.partner-invoice-posted' AND payload->>'invoiceId' = ${id}`,
  );
  const named = new Map(names.map((name) => [idOf(name), name]));
  return rows.map(({ payload }) => ({
    net: payload.net.minor,
    credits: payload.credits.map(({ invoiceId, net }) => [named.get(invoiceId), net.minor]),
  }));
}

describe('what a partner is told of a document', () => {
  const half = { serviceStart: localDate('2026-11-16') };

  test('says of which invoices it gives charges back: of the newest that covers the days', async () => {
    await post('first', [line(10_000n), line(500n, { productCode: 'DUO' })]);
    expect(await told(idOf('first'))).toEqual([{ net: '10500', credits: [] }]);
    await post('more seats', [line(-5_000n, half), line(8_000n, half)]);
    expect(await told(idOf('more seats'), ['first'])).toEqual([
      { net: '3000', credits: [['first', '-5000']] },
    ]);
    const rest = { serviceStart: localDate('2026-11-20') };
    await post('cancelled', [line(-6_000n, rest), line(-200n, { productCode: 'DUO', ...rest })]);
    expect(await told(idOf('cancelled'), ['first', 'more seats'])).toEqual([
      {
        net: '-6200',
        credits: [
          ['more seats', '-6000'],
          ['first', '-200'],
        ],
      },
    ]);
  });

  test('gives back its charges when it is voided, and charges again what it gave back', async () => {
    const other = derivedId('test-subscription', 'voided');
    await addSubscription(dataSource, other);
    await query(
      dataSource.manager,
      sql`INSERT INTO billing_subscription_head
          SELECT (jsonb_populate_record(NULL::billing_subscription_head, jsonb_build_object(
            'subscription_id', ${other}::text, 'partner_of_record_id', ${partnerId}::text) || filler)).*
          FROM (SELECT coalesce(jsonb_object_agg(column_name, CASE data_type
                  WHEN 'uuid' THEN to_jsonb(${other}::text) WHEN 'integer' THEN '1'::jsonb
                  WHEN 'date' THEN '"2026-11-01"'::jsonb WHEN 'boolean' THEN 'false'::jsonb
                  WHEN 'timestamp with time zone' THEN '"2026-11-01T00:00:00Z"'::jsonb
                  WHEN 'jsonb' THEN '{}'::jsonb ELSE '"x"'::jsonb END), '{}'::jsonb) AS filler
                FROM information_schema.columns
                WHERE table_name = 'billing_subscription_head'
                  AND column_name NOT IN ('subscription_id', 'partner_of_record_id') AND is_nullable = 'NO') AS f`,
    );
    const charged = { subscriptionId: other };
    await post('before', [line(10_000n, charged)]);
    await post('to void', [line(-5_000n, { ...charged, ...half }), line(8_000n, { ...charged, ...half })]);
    const voided = await transaction((work) => voidInvoice(work, idOf('to void')));
    if (!voided.ok) throw new Error(voided.error.message);
    expect(await told(voided.value, ['before', 'to void'])).toEqual([
      {
        net: '-3000',
        credits: [
          ['before', '5000'],
          ['to void', '-8000'],
        ],
      },
    ]);
  });
});

describe('a commission', () => {
  const commission = (name: string, minor: string, changes: Partial<CommissionEarnedPayload> = {}) => ({
    id: derivedId('test-commission', name),
    partnerId,
    invoiceId: idOf(name),
    amount: { minor, currency: 'USD' },
    earnedAt: now.toISOString(),
    ...changes,
  });
  const book = (payload: CommissionEarnedPayload) => transaction((work) => bookCommission(work, payload));
  const booked = (payload: CommissionEarnedPayload) =>
    query(
      dataSource.manager,
      sql`SELECT e.booked_on::text, e.legal_entity_code, p.ledger_account, p.amount_minor::text AS minor
          FROM ledger_entry AS e JOIN ledger_posting AS p ON p.entry_id = e.id
          WHERE e.kind = 'COMMISSION_EARNED' AND e.cause_id = ${payload.id} ORDER BY p.ledger_account`,
    );
  const entry = (bookedOn: string, minor: number) => [
    { booked_on: bookedOn, legal_entity_code: 'US', ledger_account: 'COMMISSION_EXPENSE', minor: `${minor}` },
    {
      booked_on: bookedOn,
      legal_entity_code: 'US',
      ledger_account: 'COMMISSION_PAYABLE',
      minor: `${-minor}`,
    },
  ];

  test.each([
    ['earned', '850'],
    ['taken back', '-340'],
  ])('that is %s is booked once, on the day of its document', async (name, minor) => {
    await post(name, [line(10_000n, { subscriptionId })]);
    const payload = commission(name, minor);
    await book(payload);
    await book(payload);
    expect(await booked(payload)).toEqual(entry('2026-11-23', Number(minor)));
  });

  test('of nothing is not booked', async () => {
    await post('nothing', [line(10_000n)]);
    await book(commission('nothing', '0'));
    expect(await booked(commission('nothing', '0'))).toEqual([]);
  });

  test.each([
    ['no document of ours', {}],
    ['a currency that nobody knows', { amount: { minor: '1', currency: 'XXQ' } }],
  ])('on %s stays with the bus', async (name, changes) => {
    await expect(book(commission(name, '1', changes))).rejects.toThrow(CommissionBookingError);
  });

  test('on a document of a month that was closed meanwhile is booked on the first open day', async () => {
    await post('late', [line(10_000n)], new Date('2026-10-30T12:00:00Z'));
    const closed = await transaction((work) =>
      closeAccountingPeriod(work, { legalEntity: 'US', month: localDate('2026-10-01') }, 'internal:ada'),
    );
    expect(closed.ok).toBe(true);
    await book(commission('late', '850'));
    expect(await booked(commission('late', '850'))).toEqual(entry('2026-11-01', 850));
  });
});
