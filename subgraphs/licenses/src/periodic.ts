import type { PeriodicWork } from '@fulfillment/kernel/server/service-definition';
import { reissueDue } from './service/issue-licenses.js';
import { refreshOutdatedSeats } from './service/record-seats.js';
import type { UnitOfWork } from './service/ports.js';
import { sendNextLicense, type Post } from './service/send-licenses.js';
import { tellDueGraceEnds } from './service/tell-grace-ends.js';

/**
 * What licenses does by itself: the licenses of following years, the sending of all that were issued, and telling of grace that is
 * over. Accounts on a test clock are dealt with when their clock moves.
 */
export const periodicWork = (post: Post): readonly PeriodicWork<UnitOfWork>[] => [
  {
    name: 'license-years',
    failure: 'Licenses of following years could not be issued; it is tried again',
    // They are issued a month before they are needed.
    milliseconds: 60_000,
    async run(transaction, clock) {
      const now = await clock.now(null);
      while ((await transaction((unit) => reissueDue(unit, now))) > 0);
    },
  },
  {
    name: 'license-deliveries',
    failure: 'Licenses could not be sent; it is tried again',
    milliseconds: 1_000,
    async run(transaction, clock) {
      while (await sendNextLicense(transaction, post, clock));
    },
  },
  {
    name: 'seats-by-the-clock',
    failure: 'Seats could not be held against what is in force now; it is tried again',
    milliseconds: 1_000,
    async run(transaction, clock) {
      const now = await clock.now(null);
      while ((await transaction((unit) => refreshOutdatedSeats(unit, now))) > 0);
    },
  },
  {
    name: 'ends-of-grace',
    failure: 'Ends of grace could not be told; it is tried again',
    milliseconds: 1_000,
    async run(transaction) {
      while ((await transaction(tellDueGraceEnds)) > 0);
    },
  },
];
