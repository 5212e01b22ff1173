import { assertNever } from '@fulfillment/kernel/domain/result';
import type { DueWorkPayload } from '@fulfillment/schema/events/subscriptions';
import { runDrafts } from './drafts.js';
import type { SetAsideKey, SetAsideThing } from './due-work-ports.js';
import type { UnitOfWork } from './ports.js';
import { runReconciliations } from './reconcile-seats.js';
import { recognizeDueRevenue } from './recognize-revenue.js';
import { runDueOrder, runDueSubscriptions } from './run-due.js';
import { dunAccount } from './run-dunning.js';
import { suspendUnpaidOf } from './suspend-unpaid.js';
import { takeWaitingSeatUsage } from './take-seat-usage.js';
import { advanceOnce } from './test-clock.js';

/** So much is dealt with in one transaction. */
const batch = 200;

const everybody = { kind: 'EVERYBODY', limit: batch } as const;

/*
 * Work that falls due by the system's clock: how a batch of it is dealt with, and how the same is set aside when that fails. What is
 * set aside is told to subscriptions itself, each of it alone.
 */

/** One order at a time, each with all that it brings about. */
export const dueOrders = {
  deal: async (unit: UnitOfWork, now: Date) => ((await runDueOrder(unit, everybody, now)) ? 1 : 0),
  setAside: settingAside('ORDER', ({ scheduledOrders }, now) => scheduledOrders.lockDueIds(now, 1)),
};

export const dueSubscriptions = {
  deal: (unit: UnitOfWork, now: Date) => runDueSubscriptions(unit, everybody, now),
  setAside: settingAside('SUBSCRIPTION', ({ subscriptions }, now) => subscriptions.lockDueIds(now, batch)),
};

export const dueDrafts = {
  deal: (unit: UnitOfWork, now: Date) => runDrafts(unit, everybody, now),
  setAside: settingAside('DRAFT_INVOICE', ({ drafts }, now) => drafts.lockDueIds(now, batch)),
};

export const dueReconciliations = {
  deal: (unit: UnitOfWork, now: Date) => runReconciliations(unit, everybody, now),
  setAside: settingAside('SEAT_RECONCILIATION', ({ reconciliations }, now) =>
    reconciliations.lockDueIds(now, batch),
  ),
};

/** What was told of the use of seats before the term is known, in which it is. */
export const waitingSeatUsage = {
  deal: (unit: UnitOfWork) => takeWaitingSeatUsage(unit, everybody),
  setAside: settingAside('SEAT_USAGE', ({ reconciliations }) => reconciliations.lockWaitingIds(batch)),
};

function settingAside(
  kind: DueWorkPayload['kind'],
  lockIds: (unit: UnitOfWork, now: Date) => Promise<string[]>,
) {
  return async (unit: UnitOfWork, now: Date): Promise<readonly DueWorkPayload[]> => {
    const ids = await lockIds(unit, now);
    const things = ids.map((id): DueWorkPayload => ({ kind, id }));
    await unit.setAside.add(things, now);
    return things;
  };
}

/** Takes one thing out of what is looked for. */
export async function setAsideOne<Kind extends SetAsideThing['kind']>(
  unit: Pick<UnitOfWork, 'setAside'>,
  key: SetAsideKey<Kind>,
  now: Date,
): Promise<SetAsideKey<Kind>> {
  await unit.setAside.add([key], now);
  return key;
}

/**
 * Does something that was set aside, which is looked for again from then on. A second time it changes nothing, and what is not due
 * any more, or not yet in turn, is left to the run that looks for it. Everybody locks the thing before what says that it is set aside.
 */
export async function doDueWork(unit: UnitOfWork, due: DueWorkPayload): Promise<void> {
  await doAlone(unit, due, await unit.clock.now(null));
  await unit.setAside.remove(due);
}

async function doAlone(unit: UnitOfWork, { kind, id }: DueWorkPayload, now: Date): Promise<unknown> {
  const one = { kind: 'ONE', id } as const;
  switch (kind) {
    case 'ORDER':
      return runDueOrder(unit, one, now);
    case 'SUBSCRIPTION':
      return runDueSubscriptions(unit, one, now);
    case 'DRAFT_INVOICE':
      return runDrafts(unit, one, now);
    case 'SEAT_USAGE':
      return takeWaitingSeatUsage(unit, one);
    case 'SEAT_RECONCILIATION':
      return runReconciliations(unit, one, now);
    case 'DUNNING':
      return dunAccount(unit, id);
    case 'SUSPENSION':
      return suspendUnpaidOf(unit, id);
    case 'REVENUE':
      return recognizeDueRevenue(unit, id, now);
    case 'TEST_CLOCK':
      return advanceOnce(unit, id);
    default:
      return assertNever(kind);
  }
}
