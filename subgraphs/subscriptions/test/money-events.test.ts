import { derivedId } from '@fulfillment/kernel/domain/ids';
import { query } from '@fulfillment/kernel/server/sql';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import type { Account } from '../src/domain/account.js';
import { approveAdjustment, requestAdjustment } from '../src/service/adjustment.js';
import { collectInvoice } from '../src/service/collect-invoice.js';
import { creditMemoPayload, invoicePayload } from '../src/service/money-payloads.js';
import { postDocuments } from '../src/service/post-documents.js';
import { recordPayment } from '../src/service/record-payment.js';
import { startRefund } from '../src/service/refund-payment.js';
import { createSimulatedPayments, simulatedTokens } from '../src/service/simulated-payments.js';
import { voidInvoice } from '../src/service/void-invoice.js';
import { approveWriteOff, requestWriteOff } from '../src/service/write-off.js';
import { addSubscription, bill, line, payer, subscriptionId } from './example-bill.js';

const now = new Date('2026-11-23T12:00:00.000Z');
const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, {
  now: async () => now,
});

beforeAll(() => addSubscription(dataSource));

interface Told {
  readonly sequence: number;
  readonly payload: Record<string, unknown> & { readonly status: string };
}

const told = (topic: string, id: string) =>
  query<Told>(
    dataSource.manager,
    sql`SELECT sequence, payload FROM outbox WHERE topic = ${topic} AND aggregate_id = ${id} ORDER BY sequence`,
  );

const statuses = async (topic: string, id: string) =>
  (await told(topic, id)).map(({ sequence, payload }) => [sequence, payload.status]);

async function post(name: string, owner: Account, minor: bigint, of = subscriptionId): Promise<string> {
  const document = bill(name, owner, [line(minor, { subscriptionId: of })], now);
  await transaction((work) => postDocuments(work, [document], now));
  return document.draft.id;
}

/** A subscription whose charges no other test credits. */
async function ownSubscription(name: string): Promise<string> {
  const id = derivedId('test-subscription', name);
  await addSubscription(dataSource, id);
  return id;
}

const usd = (minor: bigint) => ({ amount: (Number(minor) / 100).toFixed(2), currency: 'USD' });

async function pay(invoiceId: string, minor: bigint, call: string): Promise<string> {
  const paid = await transaction((work) =>
    recordPayment(work, { invoiceId, amount: usd(minor), reference: 'wire' }, call),
  );
  return paid.ok ? paid.value : '';
}

describe('each transition is told', () => {
  test('of an invoice that is paid in two parts, and of its payments, of which one goes back', async () => {
    const id = await post('two parts', payer('two parts'), 10_000n);
    const first = await pay(id, 4_000n, 'first');
    await pay(id, 6_000n, 'second');
    expect(await statuses('subscriptions.invoice', id)).toEqual([
      [1, 'POSTED'],
      [2, 'PARTLY_PAID'],
      [3, 'PAID'],
    ]);
    const refund = (minor: bigint) =>
      transaction((work) =>
        startRefund(work, { paymentId: first, amount: usd(minor), reference: 'back' }, `${minor}`),
      );
    await refund(1_000n);
    await refund(3_000n);
    expect(await statuses('subscriptions.payment', first)).toEqual([
      [1, 'RECEIVED'],
      [2, 'PARTLY_REFUNDED'],
      [3, 'REFUNDED'],
    ]);
  });

  test('of what could not be collected', async () => {
    const id = await post('declined', payer('declined'), 10_000n);
    const request = { invoiceId: id, paymentMethodToken: simulatedTokens.declines };
    const attempt = await collectInvoice(transaction, createSimulatedPayments(), request, 'once');
    const payment = derivedId('payment', attempt.ok ? attempt.value : '');
    expect(await told('subscriptions.payment', payment)).toMatchObject([
      { sequence: 1, payload: { status: 'FAILED', amount: { minor: '10000', currency: 'USD' } } },
    ]);
    expect(await statuses('subscriptions.invoice', id)).toEqual([[1, 'POSTED']]);
  });

  test('of a credit memo, and of what it settles and voids', async () => {
    const owner = payer('credited');
    const older = await post('credited 1', owner, 2_000n);
    const memo = await post('credited 2', owner, -5_000n);
    const newer = await post('credited 3', owner, 1_000n);
    expect(await statuses('subscriptions.invoice', older)).toEqual([
      [1, 'POSTED'],
      [2, 'PAID'],
    ]);
    expect(await statuses('subscriptions.invoice', newer)).toEqual([[1, 'PAID']]);
    const remaining = (await told('subscriptions.credit-memo', memo)).map(
      ({ payload }) => payload['remaining'],
    );
    expect(remaining).toEqual([
      { minor: '3000', currency: 'USD' },
      { minor: '2000', currency: 'USD' },
    ]);
  });

  test('of an invoice that is taken back', async () => {
    const subscriptionId = await ownSubscription('taken back');
    const id = await post('taken back', payer('taken back'), 1_000n, subscriptionId);
    const voided = await transaction((work) => voidInvoice(work, id));
    const memo = voided.ok ? voided.value : '';
    expect(await statuses('subscriptions.invoice', id)).toEqual([
      [1, 'POSTED'],
      [2, 'VOID'],
    ]);
    expect(await told('subscriptions.credit-memo', memo)).toMatchObject([
      { sequence: 1, payload: { voidsInvoiceId: id, remaining: { minor: '0', currency: 'USD' } } },
    ]);
  });

  test('of what one person asks for and another approves', async () => {
    const id = await post('given up', payer('given up'), 10_000n);
    const request = { invoiceId: id, reason: 'Gone' };
    const asked = await transaction((work) => requestWriteOff(work, request, 'internal:ann', 'one'));
    const writeOffId = asked.ok ? asked.value : '';
    await transaction((work) => approveWriteOff(work, writeOffId, 'internal:bob'));
    expect(await statuses('subscriptions.write-off', writeOffId)).toEqual([
      [1, 'REQUESTED'],
      [2, 'APPROVED'],
    ]);
    expect((await statuses('subscriptions.invoice', id)).at(-1)).toEqual([2, 'WRITTEN_OFF']);

    const move = {
      legalEntity: 'US',
      debit: 'BAD_DEBT',
      credit: 'CASH',
      amount: usd(100n),
      reason: 'Slip',
    } as const;
    const adjusted = await transaction((work) => requestAdjustment(work, move, 'internal:ann', 'one'));
    const adjustmentId = adjusted.ok ? adjusted.value : '';
    await transaction((work) => approveAdjustment(work, adjustmentId, 'internal:bob'));
    expect(await statuses('subscriptions.adjustment', adjustmentId)).toEqual([
      [1, 'REQUESTED'],
      [2, 'APPROVED'],
    ]);
  });
});

/** Something that happens to an account; `which` picks among its documents. */
const anything = fc.record({
  kind: fc.constantFrom('INVOICE', 'CREDIT_MEMO', 'PAYMENT', 'REFUND', 'VOID', 'WRITE_OFF'),
  minor: fc.bigInt({ min: 1n, max: 5_000n }),
  which: fc.nat({ max: 9 }),
});

test('whatever happens, the newest snapshot of a document is how it stands, and its versions have no gap', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { minLength: 2, maxLength: 12 }), async (happenings) => {
      const owner = payer(`any ${run++}`);
      const of = await ownSubscription(owner.name);
      const [invoices, memos, payments]: [string[], string[], string[]] = [[], [], []];
      for (const [index, { kind, minor, which }] of happenings.entries()) {
        const name = `${owner.name} ${index}`;
        const invoiceId = invoices[which % Math.max(1, invoices.length)] ?? '';
        const paymentId = payments[which % Math.max(1, payments.length)] ?? '';
        if (kind === 'INVOICE') invoices.push(await post(name, owner, minor, of));
        if (kind === 'CREDIT_MEMO') memos.push(await post(name, owner, -minor, of));
        if (kind === 'PAYMENT')
          payments.push(...[await pay(invoiceId, minor, name)].filter((id) => id !== ''));
        if (kind === 'REFUND') {
          const request = { paymentId, amount: usd(minor), reference: 'back' };
          await transaction((work) => startRefund(work, request, name));
        }
        if (kind === 'VOID') {
          const voided = await transaction((work) => voidInvoice(work, invoiceId));
          if (voided.ok) memos.push(voided.value);
        }
        if (kind === 'WRITE_OFF') {
          const request = { invoiceId, amount: usd(minor), reason: 'Gone' };
          const asked = await transaction((work) => requestWriteOff(work, request, 'internal:ann', name));
          if (asked.ok) await transaction((work) => approveWriteOff(work, asked.value, 'internal:bob'));
        }
      }
      await expectTold(invoices, memos);
    }),
    { numRuns: 60 },
  );
});

async function expectTold(invoiceIds: readonly string[], memoIds: readonly string[]): Promise<void> {
  const standing = await transaction(async (work) => ({
    invoices: await work.documents.findInvoices(invoiceIds),
    memos: await work.documents.findCreditMemos(
      memoIds.map((id) => derivedId('account-credit', 'CREDIT_MEMO', id)),
    ),
  }));
  expect(standing.invoices).toHaveLength(invoiceIds.length);
  expect(standing.memos).toHaveLength(memoIds.length);
  const expected = [
    ...standing.invoices.map((invoice) => ['subscriptions.invoice', invoicePayload(invoice, now)] as const),
    ...standing.memos.map(
      ({ memo, remaining }) => ['subscriptions.credit-memo', creditMemoPayload(memo, remaining)] as const,
    ),
  ];
  for (const [topic, payload] of expected) {
    const events = await told(topic, payload.id);
    expect(events.at(-1)?.payload).toEqual(payload);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  }
}
