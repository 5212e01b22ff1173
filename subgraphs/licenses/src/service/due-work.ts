import { assertNever } from '@fulfillment/kernel/domain/result';
import type { DueWorkPayload } from '@fulfillment/schema/events/licenses';
import { reissueDue, reissueOne, setDueReissuesAside } from './issue-licenses.js';
import type { RunTransaction, UnitOfWork } from './ports.js';
import { refreshOutdatedSeats, refreshSeatsOf, setOutdatedSeatsAside } from './record-seats.js';
import { setDueGraceEndsAside, tellDueGraceEnds, tellGraceEnd } from './tell-grace-ends.js';

/** Work that falls due by the clock, dealt with a batch in a transaction. */
interface BatchedWork {
  /** Deals with what is due longest; gives how many that were. */
  readonly deal: (unit: UnitOfWork, now: Date) => Promise<number>;
  /** Takes the same out of what is due, without dealing with it. */
  readonly setAside: (unit: UnitOfWork, now: Date) => Promise<readonly DueWorkPayload[]>;
}

export const dueReissues: BatchedWork = { deal: reissueDue, setAside: setDueReissuesAside };
export const dueGraceEnds: BatchedWork = { deal: tellDueGraceEnds, setAside: setDueGraceEndsAside };
export const outdatedSeats: BatchedWork = { deal: refreshOutdatedSeats, setAside: setOutdatedSeatsAside };

/**
 * Deals with all that is due. A batch that fails is told to licenses itself, each of it alone: what can be done is done, and what
 * can not is a delivery that failed, for operations to see and to send again. It keeps nothing else waiting.
 * @throws when a batch can neither be dealt with nor be set aside: the database is away
 */
export async function dealWithDue(
  run: RunTransaction,
  { deal, setAside }: BatchedWork,
  now: Date,
): Promise<void> {
  const isMore = () =>
    run((unit) => deal(unit, now)).catch(() =>
      run(async (unit) => {
        const works = await setAside(unit, now);
        await Promise.all(works.map((work) => unit.announcements.dueWork(work, now)));
        return works.length;
      }),
    );
  while ((await isMore()) > 0);
}

/** Does something that was set aside; a second time it changes nothing. */
export async function doDueWork(unit: UnitOfWork, work: DueWorkPayload): Promise<void> {
  switch (work.kind) {
    case 'LICENSE_YEAR':
      return reissueOne(unit, work.licenseId, await unit.clock.now(null));
    case 'GRACE_END':
      return tellGraceEnd(unit, { ...work, endsAt: new Date(work.endsAt) });
    case 'SEATS':
      return refreshSeatsOf(unit, work.deploymentId);
    default:
      return assertNever(work);
  }
}
