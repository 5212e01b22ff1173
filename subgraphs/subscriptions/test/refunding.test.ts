import { derivedId } from '@fulfillment/kernel/domain/ids';
import { query } from '@fulfillment/kernel/server/sql';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { amountDue } from '../src/domain/invoice.js';
import { collectInvoice } from '../src/service/collect-invoice.js';
import type { PaymentPort, RefundOutcome, RefundPort, RefundRequest } from '../src/service/payment-port.js';
import { postDocuments } from '../src/service/post-documents.js';
import { recordPayment } from '../src/service/record-payment.js';
import { refundPayment } from '../src/service/refund-payment.js';
import { settleRefund } from '../src/service/settle-refund.js';
import { createSimulatedPayments, simulatedTokens } from '../src/service/simulated-payments.js';
import { addSubscription, bill, line, payer } from './example-bill.js';

const now = new Date('2026-11-23T12:00:00.000Z');
const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, {
  now: async () => now,
});
const simulated = createSimulatedPayments();

beforeAll(() => addSubscription(dataSource));

/** Posts a document over so many minor units to an account: a credit memo where they are negative. */
async function post(name: string, minor: bigint): Promise<string> {
  const document = bill(name, payer(name.split('/')[0] ?? name), [line(minor)], now);
  await transaction((work) => postDocuments(work, [document], now));
  return document.draft.id;
}

/** An invoice of 100.00 USD that was collected. Gives the payment's id. */
async function collected(name: string, token: string = simulatedTokens.succeeds): Promise<string> {
  const invoiceId = await post(name, 10_000n);
  const attempt = await collectInvoice(
    transaction,
    simulated,
    { invoiceId, paymentMethodToken: token },
    'once',
  );
  if (!attempt.ok) throw new Error(attempt.error.message);
  return derivedId('payment', attempt.value);
}

const usd = (amount: string) => ({ amount, currency: 'USD' });

async function refund(port: RefundPort, paymentId: string, amount: string, callId = 'once') {
  const started = await refundPayment(transaction, port, { paymentId, amount: usd(amount) }, callId);
  return started.ok ? started.value : started.error.code;
}

const outcomeOf = async (id: string) =>
  (await transaction((work) => work.refundAttempts.find(id)))?.outcome?.status ?? 'PENDING';

const refundsOf = async (paymentId: string) =>
  (await transaction((work) => work.payments.refunds(paymentId))).map(({ amount, fromCredit }) => [
    amount.minor,
    fromCredit.minor,
  ]);

const freeCredit = async (name: string) =>
  (await transaction((work) => work.credits.openCredits([payer(name).id]))).reduce(
    (total, { remaining }) => total + remaining.minor,
    0n,
  );

async function balances(name: string): Promise<Record<string, string>> {
  const rows = await query<{ ledger_account: string; minor: string }>(
    dataSource.manager,
    sql`SELECT p.ledger_account, sum(p.amount_minor)::text AS minor
        FROM ledger_entry AS e JOIN ledger_posting AS p ON p.entry_id = e.id
        WHERE e.account_id = ${payer(name).id} GROUP BY p.ledger_account HAVING sum(p.amount_minor) <> 0`,
  );
  return Object.fromEntries(rows.map((row) => [row.ledger_account, row.minor]));
}

const later = new Date(now.getTime() + 60_000);

/** Asks after what has been pending since before an instant, as the service does by itself; gives how many that were. */
async function settlePending(port: RefundPort, before: Date): Promise<number> {
  const ids = await transaction((work) => work.refundAttempts.pending(before, null, 10));
  for (const id of ids) await settleRefund(transaction, port, id, 'AGAIN');
  return ids.length;
}

describe('a payment that came through the provider goes back through it', () => {
  test.each([
    ['at once', simulatedTokens.succeeds, 'SUCCEEDED', [[6_000n, 0n]]],
    ['not, when it is declined', simulatedTokens.refundDeclines, 'DECLINED', []],
  ])('%s', async (name, token, outcome, refunds) => {
    const paymentId = await collected(`refund ${name}`, token);
    expect(await outcomeOf(await refund(simulated, paymentId, '60.00'))).toBe(outcome);
    expect(await refundsOf(paymentId)).toEqual(refunds);
    const cash = outcome === 'SUCCEEDED' ? { CASH: '4000', REFUNDS: '6000' } : { CASH: '10000' };
    expect(await balances(`refund ${name}`)).toEqual({ ...cash, DEFERRED_REVENUE: '-10000' });
  });

  test.each([
    [simulatedTokens.refundTimesOutThenSucceeds, 'SUCCEEDED', [[6_000n, 0n]]],
    [simulatedTokens.refundTimesOutThenDeclines, 'DECLINED', []],
  ])(
    'with %s stays pending, lets no other begin, and is settled later, once',
    async (token, outcome, refunds) => {
      const paymentId = await collected(token, token);
      const attempt = await refund(simulated, paymentId, '60.00');
      expect(await outcomeOf(attempt)).toBe('PENDING');
      expect(await refundsOf(paymentId)).toEqual([]);
      expect(await refund(simulated, paymentId, '1.00', 'another')).toBe('REFUND_PENDING');
      expect(await settlePending(simulated, now)).toBe(0);
      expect(await settlePending(simulated, later)).toBe(1);
      expect(await outcomeOf(attempt)).toBe(outcome);
      expect(await refundsOf(paymentId)).toEqual(refunds);
      await settleRefund(transaction, simulated, attempt, 'AGAIN');
      expect(await settlePending(simulated, later)).toBe(0);
      expect(await refundsOf(paymentId)).toEqual(refunds);
    },
  );

  test('and no more than came in, all refunds together', async () => {
    const paymentId = await collected('in parts');
    expect(await outcomeOf(await refund(simulated, paymentId, '60.00', 'first'))).toBe('SUCCEEDED');
    expect(await refund(simulated, paymentId, '40.01', 'too much')).toBe('AMOUNT_OUT_OF_RANGE');
    expect(await outcomeOf(await refund(simulated, paymentId, '40.00', 'the rest'))).toBe('SUCCEEDED');
    expect(await refund(simulated, paymentId, '0.01', 'more')).toBe('AMOUNT_OUT_OF_RANGE');
  });

  test('with the same key when the provider never heard of it', async () => {
    const paymentId = await collected('lost on the way');
    const asked: RefundRequest[] = [];
    const answers: RefundOutcome[] = [{ status: 'PENDING' }, { status: 'SUCCEEDED', reference: 're_1' }];
    const port: RefundPort = {
      async refund(request) {
        asked.push(request);
        return answers.shift() ?? { status: 'PENDING' };
      },
      findRefund: async () => ({ status: 'UNKNOWN' }),
    };
    const attempt = await refund(port, paymentId, '100.00');
    await settleRefund(transaction, port, attempt, 'AGAIN');
    expect(asked.map(({ idempotencyKey }) => idempotencyKey)).toEqual([attempt, attempt]);
    expect(new Set(asked.map(({ chargeReference }) => chargeReference)).size).toBe(1);
    expect(await refundsOf(paymentId)).toEqual([[10_000n, 0n]]);
  });

  test('once, when two workers hear of it, and when two people ask at the same moment', async () => {
    const paymentId = await collected('at once', simulatedTokens.refundTimesOutThenSucceeds);
    const answers = await Promise.all(
      ['a', 'b'].map((callId) => refund(simulated, paymentId, '100.00', callId)),
    );
    expect(answers.filter((answer) => answer === 'REFUND_PENDING')).toHaveLength(1);
    const attempt = answers.find((answer) => answer !== 'REFUND_PENDING') ?? '';
    await Promise.all([1, 2].map(() => settleRefund(transaction, simulated, attempt, 'AGAIN')));
    expect(await refundsOf(paymentId)).toEqual([[10_000n, 0n]]);
  });

  test('without a reference of our own', async () => {
    const paymentId = await collected('named');
    const request = { paymentId, amount: usd('1.00'), reference: 'mine' };
    const answer = await refundPayment(transaction, simulated, request, 'once');
    expect(answer).toMatchObject({ ok: false, error: { code: 'INVALID_VALUE', field: ['reference'] } });
  });
});

test('a payment that a person recorded is refunded as a person says, and the provider is not asked', async () => {
  const invoiceId = await post('by bank', 10_000n);
  const paid = await transaction((work) =>
    recordPayment(work, { invoiceId, amount: usd('100.00'), reference: 'wire' }, 'once'),
  );
  if (!paid.ok) throw new Error(paid.error.message);
  const nobody: PaymentPort = {
    charge: () => Promise.reject(new Error('asked')),
    find: () => Promise.reject(new Error('asked')),
    refund: () => Promise.reject(new Error('asked')),
    findRefund: () => Promise.reject(new Error('asked')),
  };
  expect(await refund(nobody, paid.value, '10.00')).toBe('INVALID_VALUE');
  const request = { paymentId: paid.value, amount: usd('10.00'), reference: 'back' };
  expect(await refundPayment(transaction, nobody, request, 'named')).toMatchObject({ ok: true });
  expect(await refundsOf(paid.value)).toEqual([[1_000n, 0n]]);
});

describe('account credit that a pending refund takes', () => {
  async function pendingRefund(name: string, token: string) {
    const paymentId = await collected(name, token);
    await post(`${name}/credit`, -3_000n);
    expect(await freeCredit(name)).toBe(3_000n);
    const attempt = await refund(simulated, paymentId, '50.00');
    expect(await freeCredit(name)).toBe(0n);
    const next = await post(`${name}/next`, 2_000n);
    return { paymentId, attempt, next };
  }
  const due = async (invoiceId: string) => {
    const found = await transaction((work) => work.documents.findInvoice(invoiceId));
    return found === null ? null : amountDue(found).minor;
  };

  test('settles no invoice meanwhile, and is used up when the money goes back', async () => {
    const name = 'held and used';
    const { paymentId, attempt, next } = await pendingRefund(
      name,
      simulatedTokens.refundTimesOutThenSucceeds,
    );
    expect(await due(next)).toBe(2_000n);
    await settleRefund(transaction, simulated, attempt, 'AGAIN');
    expect(await refundsOf(paymentId)).toEqual([[5_000n, 3_000n]]);
    expect(await due(next)).toBe(2_000n);
    expect(await balances(name)).toMatchObject({ CASH: '5000', REFUNDS: '2000', RECEIVABLES: '2000' });
  });

  test('settles what is owed once the refund is declined', async () => {
    const name = 'held and free';
    const { attempt, next } = await pendingRefund(name, simulatedTokens.refundTimesOutThenDeclines);
    await settleRefund(transaction, simulated, attempt, 'AGAIN');
    expect(await due(next)).toBe(0n);
    expect(await freeCredit(name)).toBe(1_000n);
    expect(await balances(name)).toMatchObject({ CASH: '10000', ACCOUNT_CREDIT: '-1000' });
  });
});

/** What the provider answers to the next question. */
const anyAnswer = fc.constantFrom('SUCCEEDED', 'DECLINED', 'PENDING', 'LOST');
const anyStep = fc.oneof(
  fc.record({
    step: fc.constant('REFUND' as const),
    minor: fc.integer({ min: 1, max: 7_000 }),
    answer: anyAnswer,
  }),
  fc.record({ step: fc.constant('SETTLE' as const), answer: anyAnswer }),
  fc.record({ step: fc.constant('CREDIT' as const), minor: fc.integer({ min: 1, max: 3_000 }) }),
  fc.record({ step: fc.constant('INVOICE' as const), minor: fc.integer({ min: 1, max: 3_000 }) }),
);

/** A provider that gives back once for each key, whatever it answers: LOST money went back, and the answer was lost. */
function forgetfulProvider() {
  const decided = new Map<string, RefundOutcome & { readonly minor: bigint }>();
  let answer: string = 'PENDING';
  const said = ({ idempotencyKey, amount }: RefundRequest, isNew: boolean): RefundOutcome => {
    const known = decided.get(idempotencyKey);
    if (known !== undefined) return known;
    if (!isNew) return { status: 'UNKNOWN' };
    if (answer === 'PENDING') return { status: 'PENDING' };
    const outcome: RefundOutcome =
      answer === 'DECLINED'
        ? { status: 'DECLINED', reason: 'no' }
        : { status: 'SUCCEEDED', reference: `re ${idempotencyKey}` };
    decided.set(idempotencyKey, { ...outcome, minor: amount.minor });
    return answer === 'LOST' ? { status: 'PENDING' } : outcome;
  };
  const port: RefundPort = {
    refund: async (request) => said(request, true),
    findRefund: async (request) => said(request, false),
  };
  const givenBack = () =>
    [...decided.values()].reduce((sum, one) => (one.status === 'SUCCEEDED' ? sum + one.minor : sum), 0n);
  return { port, givenBack, answerWith: (next: string) => void (answer = next) };
}

test('whatever the provider answers, what it gave back is what the books say, and never more than came in', async () => {
  let history = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 8 }), async (steps) => {
      const name = `history ${++history}`;
      const paymentId = await collected(name);
      const { port, givenBack, answerWith } = forgetfulProvider();
      for (const [index, step] of steps.entries()) {
        if (step.step === 'CREDIT') await post(`${name}/${index}`, BigInt(-step.minor));
        else if (step.step === 'INVOICE') await post(`${name}/${index}`, BigInt(step.minor));
        else {
          answerWith(step.answer);
          if (step.step === 'SETTLE') await settlePending(port, later);
          else await refund(port, paymentId, (step.minor / 100).toFixed(2), `${index}`);
        }
      }
      answerWith('SUCCEEDED');
      await settlePending(port, later);
      const recorded = (await refundsOf(paymentId)).reduce((sum, [minor = 0n]) => sum + minor, 0n);
      expect(recorded).toBe(givenBack());
      expect(recorded).toBeLessThanOrEqual(10_000n);
      const books = await balances(name);
      expect(BigInt(books['CASH'] ?? '0')).toBe(10_000n - recorded);
      expect(-BigInt(books['ACCOUNT_CREDIT'] ?? '0')).toBe(await freeCredit(name));
    }),
    { numRuns: Number(process.env['HISTORIES'] ?? 40) },
  );
}, 180_000);
