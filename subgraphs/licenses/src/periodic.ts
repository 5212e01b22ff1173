import type { PeriodicWork } from '@fulfillment/kernel/server/service-definition';
import { dealWithDue, dueGraceEnds, dueReissues, outdatedSeats } from './service/due-work.js';
import type { UnitOfWork } from './service/ports.js';

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
    run: async (run, clock) => dealWithDue(run, dueReissues, await clock.now(null)),
  },
  {
    name: 'seats-by-the-clock',
    failure: 'Seats could not be held against what is in force now; it is tried again',
    milliseconds: 1_000,
    run: async (run, clock) => dealWithDue(run, outdatedSeats, await clock.now(null)),
  },
  {
    name: 'ends-of-grace',
    failure: 'Ends of grace could not be told; it is tried again',
    milliseconds: 1_000,
    run: async (run, clock) => dealWithDue(run, dueGraceEnds, await clock.now(null)),
  },
];
