import { addDays, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { PeriodicWork, RunTransaction } from '@fulfillment/kernel/server/service';
import { DueWorkError } from './service/contracts.js';
import { settlePending } from './service/collect-invoice.js';
import type { PaymentPort } from './service/payment-port.js';
import { recognizeRevenue } from './service/recognize-revenue.js';
import { runDunning } from './service/run-dunning.js';
import { suspendUnpaid } from './service/suspend-unpaid.js';
import { runDueOrder, runDueSubscriptions, type DueScope } from './service/run-due.js';
import { advanceOnce } from './service/test-clock.js';
import type { Work } from './service/ports.js';

/** Subscriptions that are billed or renewed in one transaction. */
const batch = 200;

/** How long a subscription whose due work fails is set aside. */
const setAsideMilliseconds = 15 * 60_000;

/** An attempt at a payment is asked after when it has been pending for so long. */
const pendingMilliseconds = 30_000;

/** Where a day ends last. */
const lastTimeZone = 'Etc/GMT+12';

const everybody: DueScope = { kind: 'EVERYBODY', limit: batch };

/** What subscriptions does by itself: what falls due by the system's clock, and moving test clocks. */
export const periodicWork = (payments: PaymentPort): readonly PeriodicWork<Work>[] => [
  {
    failure: 'What fell due could not be done; it is tried again',
    milliseconds: 1_000,
    async run(transaction, clock) {
      const now = await clock.now(null);
      while (await transaction((work) => runDueOrder(work, everybody, now)));
      while ((await runBatch(transaction, now)) > 0);
    },
  },
  {
    failure: 'Unpaid invoices could not be dunned; it is tried again',
    milliseconds: 60_000,
    async run(transaction, clock) {
      const tomorrow = addDays(localDateAt(await clock.now(null), 'UTC'), 1);
      await forEachAccount(
        transaction,
        (work, after) => work.dunning.overdueAccounts(tomorrow, after, batch),
        dun,
      );
      await forEachAccount(
        transaction,
        (work, after) => work.suspensions.accountsToLookAt(after, batch),
        async (work, accountId) => {
          const account = (await work.accounts.find([accountId])).get(accountId);
          if (account !== undefined) await suspendUnpaid(work, account, await work.clock.now(accountId));
        },
      );
    },
  },
  {
    failure: 'Revenue could not be recognized; it is tried again',
    milliseconds: 15 * 60_000,
    async run(transaction, clock) {
      const at = await clock.now(null);
      // The day is over everywhere on Earth, so nothing more is ever earned on it.
      const through = addDays(localDateAt(at, lastTimeZone), -1);
      for (const legalEntityCode of await transaction((work) => work.ledger.earningEntities())) {
        await transaction((work) => recognizeRevenue(work, { legalEntityCode, through, at }));
      }
    },
  },
  {
    failure: 'Payments could not be asked after; it is tried again',
    milliseconds: 10_000,
    async run(transaction, clock) {
      const before = new Date((await clock.now(null)).getTime() - pendingMilliseconds);
      await settlePending(transaction, payments, before, batch);
    },
  },
  {
    failure: 'A test clock could not be moved; it is tried again',
    milliseconds: 250,
    async run(transaction) {
      for (const accountId of await transaction((work) => work.testClockTargets.unsettled())) {
        while (await transaction((work) => advanceOnce(work, accountId)));
      }
    },
  },
];

/** Accounts one after the other in the order of their ids, a transaction each. */
async function forEachAccount(
  transaction: RunTransaction<Work>,
  page: (work: Work, after: string | null) => Promise<string[]>,
  deal: (work: Work, accountId: string) => Promise<unknown>,
): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const ids: string[] = await transaction((work) => page(work, after));
    for (const id of ids) await transaction((work) => deal(work, id));
    after = ids.at(-1) ?? null;
    if (after === null) return;
  }
}

/** Dunning goes by the day that it is at the account. */
async function dun(work: Work, accountId: string): Promise<void> {
  const account = (await work.accounts.find([accountId])).get(accountId);
  if (account === undefined) return;
  const at = await work.clock.now(accountId);
  await runDunning(work, { accountId, today: localDateAt(at, account.billingTimeZone), at });
}

/** A subscription that fails is set aside for a while, so that the others of its batch are dealt with; the log tells of it. */
async function runBatch(transaction: RunTransaction<Work>, now: Date): Promise<number> {
  try {
    return await transaction((work) => runDueSubscriptions(work, everybody, now));
  } catch (error) {
    if (!(error instanceof DueWorkError)) throw error;
    const until = new Date(now.getTime() + setAsideMilliseconds);
    await transaction((work) => work.subscriptions.postpone(error.subscriptionId, until));
    throw error;
  }
}
