import { addDays, localDate, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { query } from '@fulfillment/kernel/server/sql';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import type { Account } from '../src/domain/account.js';
import { amountDue, invoiceStatusAt } from '../src/domain/invoice.js';
import { collectInvoice, settleAttempt } from '../src/service/collect-invoice.js';
import type { ChargeOutcome, ChargePort, ChargeRequest } from '../src/service/payment-port.js';
import { postDocuments } from '../src/service/post-documents.js';
import { recordPayment } from '../src/service/record-payment.js';
import { runDunning } from '../src/service/run-dunning.js';
import { createSimulatedPayments, simulatedTokens } from '../src/service/simulated-payments.js';
import { approveWriteOff } from '../src/service/write-off.js';
import { addSubscription, bill, line, payer, subscriptionId } from './example-bill.js';

const now = new Date('2026-11-23T12:00:00.000Z');
const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, {
  now: async () => now,
});

beforeAll(() => addSubscription(dataSource));

async function post(name: string, owner: Account = payer(name)): Promise<string> {
  const document = bill(name, owner, [line(10_000n)], now);
  await transaction((work) => postDocuments(work, [document], now));
  return document.draft.id;
}

async function standing(id: string) {
  const found = await transaction((work) => work.documents.findInvoice(id));
  if (found === null) throw new Error(`No invoice ${id}`);
  return {
    status: invoiceStatusAt(found, now),
    due: amountDue(found).minor,
    payments: found.payments.length,
  };
}

const outcomeOf = async (attemptId: string) =>
  (await transaction((work) => work.payments.findAttempt(attemptId)))?.outcome?.status ?? 'PENDING';

async function collect(port: ChargePort, invoiceId: string, paymentMethodToken: string, callId = 'once') {
  const started = await collectInvoice(transaction, port, { invoiceId, paymentMethodToken }, callId);
  if (!started.ok) return started.error.code;
  return started.value;
}

/** A provider that remembers what it charged, and answers as it is told, one answer after the other. */
function scriptedProvider(answers: { charge: ChargeOutcome[]; find?: ChargeOutcome[] }) {
  const charged: ChargeRequest[] = [];
  const next = (script: ChargeOutcome[]) => script.shift() ?? { status: 'PENDING' as const };
  const port: ChargePort = {
    charge: async (request) => {
      charged.push(request);
      return next(answers.charge);
    },
    find: async () => next(answers.find ?? []),
  };
  return { port, charged };
}

/** Asks after what has been pending since before an instant, as the service does by itself; gives how many that were. */
async function settlePending(port: ChargePort, before: Date): Promise<number> {
  const ids = await transaction((work) => work.payments.pendingAttempts(before, null, 10));
  for (const id of ids) await settleAttempt(transaction, port, id, 'AGAIN');
  return ids.length;
}

describe('collecting an invoice', () => {
  const simulated = createSimulatedPayments();

  test('of a sandbox that stays pending is settled, however far its test clock is ahead', async () => {
    const sandbox = payer('a sandbox ahead', { sandbox: true });
    await transaction(async (work) => {
      await work.accounts.put(sandbox);
      await work.testClocks.set(sandbox.id, new Date('2031-01-01T00:00:00Z'), 1);
    });
    const id = await post('collect ahead', sandbox);
    const attempt = await collect(simulated, id, simulatedTokens.timesOutThenSucceeds);
    expect(await outcomeOf(attempt)).toBe('PENDING');
    expect(await settlePending(simulated, now)).toBe(1);
    expect(await outcomeOf(attempt)).toBe('SUCCEEDED');
  });

  test.each([
    ['succeeds', simulatedTokens.succeeds, 'SUCCEEDED', { status: 'PAID', due: 0n, payments: 1 }],
    ['is declined', simulatedTokens.declines, 'DECLINED', { status: 'POSTED', due: 10_000n, payments: 0 }],
    [
      'is declined without a known method',
      'nonsense',
      'DECLINED',
      { status: 'POSTED', due: 10_000n, payments: 0 },
    ],
  ])('%s as its token says', async (name, token, outcome, expected) => {
    const id = await post(`collect ${name}`);
    const attempt = await collect(simulated, id, token);
    expect(await outcomeOf(attempt)).toBe(outcome);
    expect(await standing(id)).toEqual(expected);
  });

  test.each([
    [simulatedTokens.timesOutThenSucceeds, 'SUCCEEDED', { status: 'PAID', due: 0n, payments: 1 }],
    [simulatedTokens.timesOutThenDeclines, 'DECLINED', { status: 'POSTED', due: 10_000n, payments: 0 }],
  ])('with %s stays pending and is settled later, once', async (token, outcome, expected) => {
    const id = await post(`collect ${token}`);
    const attempt = await collect(simulated, id, token);
    expect(await outcomeOf(attempt)).toBe('PENDING');
    expect(await collect(simulated, id, token, 'again')).toBe('PAYMENT_PENDING');
    const later = new Date(now.getTime() + 60_000);
    expect(await settlePending(simulated, later)).toBe(1);
    expect(await outcomeOf(attempt)).toBe(outcome);
    expect(await standing(id)).toEqual(expected);
    expect(await settlePending(simulated, later)).toBe(0);
    await settleAttempt(transaction, simulated, attempt, 'AGAIN');
    expect(await standing(id)).toEqual(expected);
  });

  test('charges again with the same key when the provider never heard of it', async () => {
    const id = await post('lost on the way');
    const { port, charged } = scriptedProvider({
      charge: [{ status: 'PENDING' }, { status: 'SUCCEEDED', reference: 'ch_1' }],
      find: [{ status: 'UNKNOWN' }],
    });
    const attempt = await collect(port, id, 'pm_1');
    await settleAttempt(transaction, port, attempt, 'AGAIN');
    expect(charged.map(({ idempotencyKey }) => idempotencyKey)).toEqual([attempt, attempt]);
    expect(await standing(id)).toEqual({ status: 'PAID', due: 0n, payments: 1 });
  });

  test('writes one payment when two workers hear of its success at once', async () => {
    const id = await post('two workers');
    const success: ChargeOutcome = { status: 'SUCCEEDED', reference: 'ch_2' };
    const { port } = scriptedProvider({ charge: [], find: [success, success] });
    const attempt = await collect(port, id, 'pm_2');
    await Promise.all([1, 2].map(() => settleAttempt(transaction, port, attempt, 'AGAIN')));
    expect(await standing(id)).toEqual({ status: 'PAID', due: 0n, payments: 1 });
  });

  test('of what was paid by bank meanwhile becomes account credit', async () => {
    const owner = payer('paid meanwhile');
    const id = await post('paid meanwhile', owner);
    const attempt = await collect(simulated, id, simulatedTokens.timesOutThenSucceeds);
    const amount = { amount: '100.00', currency: 'USD' };
    await transaction((work) => recordPayment(work, { invoiceId: id, amount, reference: 'wire' }, 'bank'));
    await settleAttempt(transaction, simulated, attempt, 'AGAIN');
    const credits = await transaction((work) => work.credits.openCredits([owner.id]));
    expect(credits.map(({ remaining, source }) => [remaining.minor, source])).toEqual([
      [10_000n, 'OVERPAYMENT'],
    ]);
    expect(await collect(simulated, id, simulatedTokens.succeeds, 'more')).toBe('INVOICE_SETTLED');
  });

  test('is started once, even when two ask at the same moment', async () => {
    const id = await post('two at once');
    const { port, charged } = scriptedProvider({ charge: [] });
    const answers = await Promise.all(['a', 'b'].map((callId) => collect(port, id, 'pm_3', callId)));
    expect(answers.filter((answer) => answer === 'PAYMENT_PENDING')).toHaveLength(1);
    expect(charged).toHaveLength(1);
  });
});

describe('dunning', () => {
  const dueOn = localDate('2026-12-23');
  const dun = (owner: Account, days: number) =>
    transaction((work) =>
      runDunning(work, {
        accountId: owner.id,
        today: addDays(dueOn, days),
        at: noonOf(addDays(dueOn, days)),
      }),
    );
  const noonOf = (day: LocalDate) => new Date(`${day}T12:00:00Z`);
  const reminders = async (invoiceId: string) =>
    query<{ sequence: number; step: string; due: string }>(
      dataSource.manager,
      sql`SELECT sequence, payload->>'step' AS step, payload->'amountDue'->>'minor' AS due FROM outbox
          WHERE topic = 'subscriptions.reminder-sent' AND aggregate_id = ${invoiceId} ORDER BY sequence`,
    );

  test('takes each step once on its day, and proposes to write off in the end', async () => {
    const owner = payer('dunned');
    const id = await post('dunned', owner);
    expect(await dun(owner, 0)).toEqual([]);
    expect(await reminders(id)).toEqual([]);
    for (const days of [1, 1, 7, 7, 14]) expect(await dun(owner, days)).toEqual([]);
    expect(await reminders(id)).toEqual([
      { sequence: 1, step: 'FIRST_REMINDER', due: '10000' },
      { sequence: 2, step: 'SECOND_REMINDER', due: '10000' },
      { sequence: 3, step: 'LAST_REMINDER', due: '10000' },
    ]);
    expect(await dun(owner, 30)).toEqual([{ invoiceId: id, subscriptionIds: [subscriptionId] }]);
    expect(await dun(owner, 31)).toEqual([]);
    await dun(owner, 90);
    await dun(owner, 90);
    const proposed = await query<{ id: string; requested_by: string; amount_minor: string }>(
      dataSource.manager,
      sql`SELECT id, requested_by, amount_minor FROM write_off WHERE invoice_id = ${id}`,
    );
    expect(proposed).toMatchObject([{ requested_by: 'system', amount_minor: '10000' }]);
    await transaction((work) => approveWriteOff(work, proposed[0]?.id ?? '', 'internal:ada'));
    expect(await standing(id)).toMatchObject({ status: 'WRITTEN_OFF', due: 0n });
    expect(await dun(owner, 200)).toEqual([]);
  });

  test('leaves alone what was paid, and tells the amount that is still due', async () => {
    const owner = payer('dunned in part');
    const id = await post('dunned in part', owner);
    const pay = (amount: string) =>
      transaction((work) =>
        recordPayment(
          work,
          { invoiceId: id, amount: { amount, currency: 'USD' }, reference: 'wire' },
          amount,
        ),
      );
    await pay('40.00');
    await dun(owner, 1);
    expect(await reminders(id)).toMatchObject([{ due: '6000' }]);
    await pay('60.00');
    expect(await dun(owner, 30)).toEqual([]);
  });

  test('finds the accounts that have something overdue, page by page, and no sandbox', async () => {
    const owners = ['page a', 'page b', 'page c'].map((name) => payer(name));
    const sandbox = payer('page sandbox', { sandbox: true });
    for (const owner of [...owners, sandbox]) {
      await transaction((work) => work.accounts.put(owner));
      await post(`overdue ${owner.name}`, owner);
    }
    const found: string[] = [];
    for (let after: string | null = null; ; after = found.at(-1) ?? null) {
      const page: string[] = await transaction((work) =>
        work.dunning.overdueAccounts(addDays(dueOn, 1), after, 2),
      );
      if (page.length === 0) break;
      found.push(...page);
    }
    expect(found).toEqual(owners.map(({ id }) => id).toSorted());
    expect(await transaction((work) => work.dunning.overdueAccounts(dueOn, null, 10))).toEqual([]);
  });
});
