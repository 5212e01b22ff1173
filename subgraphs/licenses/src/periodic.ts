import { type BatchedWork, dealWithDue } from '@fulfillment/kernel/server/due-work';
import type { PeriodicWork } from '@fulfillment/kernel/server/service-definition';
import type { DueWorkPayload } from '@fulfillment/schema/events/licenses';
import { dueGraceEnds, dueReissues, outdatedSeats } from './service/due-work.js';
import type { UnitOfWork } from './service/ports.js';

/** Deals with what is due by the system's clock. */
const dealing =
  (work: BatchedWork<UnitOfWork, DueWorkPayload>): PeriodicWork<UnitOfWork>['run'] =>
  async ({ clock, ...parts }) =>
    dealWithDue({ ...parts, now: await clock.now(null) }, work);

/**
 * What licenses does by itself: the licenses of following years, holding seats against what is in force, and telling of grace that is
 * over. Accounts on a test clock are dealt with when their clock moves.
 */
export const periodicWork: readonly PeriodicWork<UnitOfWork>[] = [
  {
    name: 'license-years',
    failure: 'Licenses of following years could not be issued; it is tried again',
    // They are issued a month before they are needed.
    milliseconds: 60_000,
    run: dealing(dueReissues),
  },
  {
    name: 'seats-by-the-clock',
    failure: 'Seats could not be held against what is in force now; it is tried again',
    milliseconds: 1_000,
    run: dealing(outdatedSeats),
  },
  {
    name: 'ends-of-grace',
    failure: 'Ends of grace could not be told; it is tried again',
    milliseconds: 1_000,
    run: dealing(dueGraceEnds),
  },
];
