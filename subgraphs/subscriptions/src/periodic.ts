import { addDays, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { PeriodicWork, RunTransaction } from '@fulfillment/kernel/server/service-definition';
import { settlePending } from './service/collect-invoice.js';
import { runDrafts } from './service/drafts.js';
import { DueDraftError, DueOrderError, DueWorkError } from './service/due-work-error.js';
import type { PaymentPort } from './service/payment-port.js';
import { recognizeRevenue } from './service/recognize-revenue.js';
import { runDunning } from './service/run-dunning.js';
import { runReconciliations } from './service/reconcile-seats.js';
import { settlePendingRefunds } from './service/settle-refund.js';
import { suspendUnpaid } from './service/suspend-unpaid.js';
import { runDueOrder, runDueSubscriptions, type DueScope } from './service/run-due.js';
import { takeWaitingSeatUsage } from './service/take-seat-usage.js';
import { advanceOnce } from './service/test-clock.js';
import type { UnitOfWork } from './service/ports.js';

/** Subscriptions that are billed or renewed in one transaction. */
const batch = 200;

/** How long a subscription whose due work fails is set aside. */
const setAsideMilliseconds = 15 * 60_000;

/** How long a test clock that fails stands still. */
const clockSetAsideMilliseconds = 60_000;

/** So many steps each test clock goes before it is looked for others, and before the service can stop. */
const stepsAtOnce = 20;

/** An attempt at a payment or a refund is asked after when it has been pending for so long. */
const pendingMilliseconds = 30_000;

/** Where a day ends last. */
const lastTimeZone = 'Etc/GMT+12';

const everybody: DueScope = { kind: 'EVERYBODY', limit: batch };

/** What subscriptions does by itself: what falls due by the system's clock, and moving test clocks. */
export const periodicWork = (payments: PaymentPort): readonly PeriodicWork<UnitOfWork>[] => [
  {
    name: 'due-work',
    failure: 'What fell due could not be done; it is tried again',
    milliseconds: 1_000,
    async run(transaction, clock) {
      const now = await clock.now(null);
      await runAlone([
        () => runOrders(transaction, now),
        async () => {
          while ((await transaction((work) => takeWaitingSeatUsage(work, batch))) > 0);
        },
        async () => {
          while ((await runBatch(transaction, now)) > 0);
        },
        async () => {
          while ((await runDraftBatch(transaction, now)) > 0);
        },
        async () => {
          while ((await runReconciliationBatch(transaction, now)) > 0);
        },
      ]);
    },
  },
  {
    name: 'dunning',
    failure: 'Unpaid invoices could not be dunned; it is tried again',
    // It looks at every invoice that is past its day, and each of its steps is a matter of days.
    milliseconds: 15 * 60_000,
    async run(transaction, clock) {
      const tomorrow = addDays(localDateAt(await clock.now(null), 'UTC'), 1);
      await forEachAccount(
        transaction,
        (work, after) => work.dunning.overdueAccounts(tomorrow, after, batch),
        dun,
      );
    },
  },
  {
    name: 'suspension',
    failure: 'Unpaid subscriptions could not be suspended, or paid ones resumed; it is tried again',
    milliseconds: 30_000,
    run: (transaction) =>
      forEachAccount(transaction, (work, after) => work.suspensions.accountsToLookAt(after, batch), suspend),
  },
  {
    name: 'revenue',
    failure: 'Revenue could not be recognized; it is tried again',
    milliseconds: 15 * 60_000,
    async run(transaction, clock) {
      const at = await clock.now(null);
      // The day is over everywhere on Earth, so nothing more is ever earned on it.
      const through = addDays(localDateAt(at, lastTimeZone), -1);
      const entities = await transaction((work) => work.ledger.earningEntities());
      await runAlone(
        entities.map(
          (legalEntityCode) => () =>
            transaction((work) => recognizeRevenue(work, { legalEntityCode, through, at })),
        ),
      );
    },
  },
  {
    name: 'pending-payments',
    failure: 'Payments and refunds could not be asked after; it is tried again',
    milliseconds: 10_000,
    async run(transaction, clock) {
      const before = new Date((await clock.now(null)).getTime() - pendingMilliseconds);
      await runAlone([
        () => settlePending(transaction, payments, before, batch),
        () => settlePendingRefunds(transaction, payments, before, batch),
      ]);
    },
  },
  moveTestClocks(),
];

/** Test clocks move side by side, so that one with a long way keeps no other waiting; one that fails is set aside. */
function moveTestClocks(): PeriodicWork<UnitOfWork> {
  const setAside = new Map<string, number>();
  return {
    name: 'test-clocks',
    failure: 'A test clock could not be moved; it is tried again',
    milliseconds: 250,
    async run(transaction, clock) {
      const now = (await clock.now(null)).getTime();
      const unsettled = await transaction((work) => work.testClockTargets.unsettled());
      let moving = unsettled.filter((accountId) => (setAside.get(accountId) ?? 0) <= now);
      const failures: unknown[] = [];
      for (let step = 0; step < stepsAtOnce && moving.length > 0; step++) {
        const going: string[] = [];
        for (const accountId of moving) {
          try {
            if (await transaction((work) => advanceOnce(work, accountId))) going.push(accountId);
          } catch (error) {
            setAside.set(accountId, now + clockSetAsideMilliseconds);
            failures.push(error);
          }
        }
        moving = going;
      }
      throwAll(failures);
    },
  };
}

/** Does one thing after the other: one that fails keeps none from its turn, and the log tells of all that failed. */
async function runAlone(things: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const thing of things) await thing().catch((error: unknown) => failures.push(error));
  throwAll(failures);
}

function throwAll(failures: readonly unknown[]): void {
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} failed`);
}

/** Accounts one after the other in the order of their ids, a transaction each. */
async function forEachAccount(
  transaction: RunTransaction<UnitOfWork>,
  page: (work: UnitOfWork, after: string | null) => Promise<string[]>,
  deal: (work: UnitOfWork, accountId: string) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  let after: string | null = null;
  do {
    const ids: string[] = await transaction((work) => page(work, after));
    for (const id of ids) {
      await transaction((work) => deal(work, id)).catch((error: unknown) => failures.push(error));
    }
    after = ids.at(-1) ?? null;
  } while (after !== null);
  throwAll(failures);
}

/** Dunning goes by the day that it is at the account. */
async function dun(work: UnitOfWork, accountId: string): Promise<void> {
  const account = (await work.accounts.find([accountId])).get(accountId);
  if (account === undefined) return;
  const at = await work.clock.now(accountId);
  await runDunning(work, { accountId, today: localDateAt(at, account.billingTimeZone), at });
}

async function suspend(work: UnitOfWork, accountId: string): Promise<void> {
  const account = (await work.accounts.find([accountId])).get(accountId);
  if (account !== undefined) await suspendUnpaid(work, account, await work.clock.now(accountId));
}

/**
 * An order that fails is set aside for a while; the log tells of it. The others are carried out first, before what contracts do
 * by themselves.
 */
async function runOrders(transaction: RunTransaction<UnitOfWork>, now: Date): Promise<void> {
  const failures: unknown[] = [];
  for (;;) {
    try {
      if (!(await transaction((work) => runDueOrder(work, everybody, now)))) break;
    } catch (error) {
      failures.push(error);
      if (!(error instanceof DueOrderError)) break;
      await transaction((work) => work.scheduledOrders.postpone(error.orderId, setAsideUntil(now)));
    }
  }
  throwAll(failures);
}

/**
 * A subscription that fails is set aside for a while, so that the others of its batch are dealt with; the log tells of it. Where
 * it is not known which one of a batch it is, they are dealt with one by one.
 */
async function runBatch(transaction: RunTransaction<UnitOfWork>, now: Date, limit = batch): Promise<number> {
  try {
    return await transaction((work) => runDueSubscriptions(work, { kind: 'EVERYBODY', limit }, now));
  } catch (error) {
    if (error instanceof DueWorkError) {
      await transaction((work) => work.subscriptions.postpone(error.subscriptionId, setAsideUntil(now)));
    } else if (limit > 1) return runBatch(transaction, now, 1);
    throw error;
  }
}

/** As `runBatch`, with seats that are used beyond those bought. */
async function runReconciliationBatch(
  transaction: RunTransaction<UnitOfWork>,
  now: Date,
  limit = batch,
): Promise<number> {
  try {
    return await transaction((work) => runReconciliations(work, { kind: 'EVERYBODY', limit }, now));
  } catch (error) {
    if (error instanceof DueWorkError) {
      await transaction((work) => work.reconciliations.postpone(error.subscriptionId, setAsideUntil(now)));
    } else if (limit > 1) return runReconciliationBatch(transaction, now, 1);
    throw error;
  }
}

/** As `runBatch`, with drafts that are to be posted or made anew. */
async function runDraftBatch(
  transaction: RunTransaction<UnitOfWork>,
  now: Date,
  limit = batch,
): Promise<number> {
  try {
    return await transaction((work) => runDrafts(work, { kind: 'EVERYBODY', limit }, now));
  } catch (error) {
    if (error instanceof DueDraftError) {
      await transaction((work) => work.drafts.postpone(error.invoiceId, setAsideUntil(now)));
    } else if (limit > 1) return runDraftBatch(transaction, now, 1);
    throw error;
  }
}

function setAsideUntil(now: Date): Date {
  return new Date(now.getTime() + setAsideMilliseconds);
}
