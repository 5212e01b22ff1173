import { addDays, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { type DueRun, dealWithDue, dealWithEach } from '@fulfillment/kernel/server/due-work';
import type { PeriodicParts, PeriodicWork } from '@fulfillment/kernel/server/service-definition';
import type { DueWorkPayload } from '@fulfillment/schema/events/subscriptions';
import {
  dueDrafts,
  dueOrders,
  dueReconciliations,
  dueSubscriptions,
  setAsideOne,
  waitingSeatUsage,
} from './service/due-work.js';
import type { SetAsideThing } from './service/due-work-ports.js';
import type { PaymentPort } from './service/payment-port.js';
import { askAfter } from './service/pending-payments.js';
import type { UnitOfWork } from './service/ports.js';
import { recognizeDueRevenue } from './service/recognize-revenue.js';
import { dunAccount } from './service/run-dunning.js';
import { suspendUnpaidOf } from './service/suspend-unpaid.js';
import { advanceOnce } from './service/test-clock.js';

/** So many are looked up at once. */
const page = 200;

/** So many steps each test clock goes before it is looked for others, and before the service can stop. */
const stepsAtOnce = 20;

/** An attempt at a payment or a refund is asked after when it has been pending for so long. */
const pendingMilliseconds = 30_000;

const dueWork: PeriodicWork<UnitOfWork> = {
  name: 'due-work',
  failure: 'What fell due could not be done; it is tried again',
  milliseconds: 1_000,
  async run(parts) {
    const run = await startRun(parts);
    // Orders go before what contracts do by themselves on the same day.
    for (const work of [dueOrders, waitingSeatUsage, dueSubscriptions, dueDrafts, dueReconciliations]) {
      await dealWithDue<UnitOfWork, DueWorkPayload>(run, work);
    }
  },
};

const dunning: PeriodicWork<UnitOfWork> = {
  name: 'dunning',
  failure: 'Unpaid invoices could not be dunned; it is tried again',
  // It looks at every invoice that is past its day, and each of its steps is a matter of days.
  milliseconds: 15 * 60_000,
  async run(parts) {
    const run = await startRun(parts);
    const tomorrow = addDays(localDateAt(run.now, 'UTC'), 1);
    await dealWithEach(run, {
      page: (unit, after) => unit.dunning.overdueAccounts(tomorrow, after, page),
      deal: (id) => run.transaction((unit) => dunAccount(unit, id)),
      setAside: settingAside(run, 'DUNNING'),
    });
  },
};

const suspension: PeriodicWork<UnitOfWork> = {
  name: 'suspension',
  failure: 'Unpaid subscriptions could not be suspended, or paid ones resumed; it is tried again',
  milliseconds: 30_000,
  async run(parts) {
    const run = await startRun(parts);
    await dealWithEach(run, {
      page: ({ suspensions }, after) => suspensions.accountsToLookAt(after, page),
      deal: (id) => run.transaction((unit) => suspendUnpaidOf(unit, id)),
      setAside: settingAside(run, 'SUSPENSION'),
    });
  },
};

const revenue: PeriodicWork<UnitOfWork> = {
  name: 'revenue',
  failure: 'Revenue could not be recognized; it is tried again',
  milliseconds: 15 * 60_000,
  async run(parts) {
    const run = await startRun(parts);
    await dealWithEach(run, {
      page: async ({ ledger }, after) => (after === null ? ledger.earningEntities() : []),
      deal: (code) => run.transaction((unit) => recognizeDueRevenue(unit, code, run.now)),
      setAside: settingAside(run, 'REVENUE'),
    });
  },
};

const pendingPayments = (payments: PaymentPort): PeriodicWork<UnitOfWork> => ({
  name: 'pending-payments',
  failure: 'Payments and refunds could not be asked after; it is tried again',
  milliseconds: 10_000,
  async run(parts) {
    const run = await startRun(parts);
    const before = new Date(run.now.getTime() - pendingMilliseconds);
    await dealWithEach(run, {
      page: (unit, after) => unit.payments.pendingAttempts(before, after, page),
      deal: (id) => askAfter(run.transaction, payments, { kind: 'PAYMENT', id }),
      setAside: settingAside(run, 'PAYMENT'),
    });
    await dealWithEach(run, {
      page: (unit, after) => unit.refundAttempts.pending(before, after, page),
      deal: (id) => askAfter(run.transaction, payments, { kind: 'REFUND', id }),
      setAside: settingAside(run, 'REFUND'),
    });
  },
});

/** Test clocks move side by side, so that one with a long way keeps no other waiting. */
const testClocks: PeriodicWork<UnitOfWork> = {
  name: 'test-clocks',
  failure: 'A test clock could not be moved; it is tried again',
  milliseconds: 250,
  async run(parts) {
    const run = await startRun(parts);
    let moved = true;
    for (let step = 0; step < stepsAtOnce && moved; step++) {
      moved = false;
      await dealWithEach(run, {
        page: ({ testClockTargets }, after) => testClockTargets.unsettled(after, page),
        deal: async (id) => {
          if (await run.transaction((unit) => advanceOnce(unit, id))) moved = true;
        },
        setAside: settingAside(run, 'TEST_CLOCK'),
      });
    }
  },
};

/** What subscriptions does by itself: what falls due by the system's clock, and moving test clocks. */
export const periodicWork = (payments: PaymentPort): readonly PeriodicWork<UnitOfWork>[] => [
  dueWork,
  dunning,
  suspension,
  revenue,
  pendingPayments(payments),
  testClocks,
];

async function startRun({ clock, ...parts }: PeriodicParts<UnitOfWork>): Promise<DueRun<UnitOfWork>> {
  return { ...parts, now: await clock.now(null) };
}

function settingAside<Kind extends SetAsideThing['kind']>({ now }: DueRun<UnitOfWork>, kind: Kind) {
  return (unit: UnitOfWork, id: string) => setAsideOne(unit, { kind, id }, now);
}
