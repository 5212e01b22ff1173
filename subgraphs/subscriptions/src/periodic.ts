import type { PeriodicWork, RunTransaction } from '@fulfillment/kernel/server/service';
import { DueWorkError } from './service/contracts.js';
import { runDueOrder, runDueSubscriptions, type DueScope } from './service/run-due.js';
import { advanceOnce } from './service/test-clock.js';
import type { Work } from './service/ports.js';

/** Subscriptions that are billed or renewed in one transaction. */
const batch = 200;

/** How long a subscription whose due work fails is set aside. */
const setAsideMilliseconds = 15 * 60_000;

const everybody: DueScope = { kind: 'EVERYBODY', limit: batch };

/** What subscriptions does by itself: what falls due by the system's clock, and moving test clocks. */
export const periodic: readonly PeriodicWork<Work>[] = [
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
    failure: 'A test clock could not be moved; it is tried again',
    milliseconds: 250,
    async run(transaction) {
      for (const accountId of await transaction((work) => work.testClockTargets.unsettled())) {
        while (await transaction((work) => advanceOnce(work, accountId)));
      }
    },
  },
];

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
