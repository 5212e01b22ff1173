import { assertNever } from '@fulfillment/kernel/domain/result';
import type { DueWorkPayload } from '@fulfillment/schema/events/licenses';
import { reissueDue, reissueOne, setDueReissuesAside } from './issue-licenses.js';
import type { UnitOfWork } from './ports.js';
import { refreshOutdatedSeats, refreshSeatsOf, setOutdatedSeatsAside } from './record-seats.js';
import { setDueGraceEndsAside, tellDueGraceEnds, tellGraceEnd } from './tell-grace-ends.js';

/*
 * Work that falls due by the clock: how a batch of it is dealt with, and how the same is set aside when that fails. What is set aside
 * is told to licenses itself, each of it alone.
 */
export const dueReissues = { deal: reissueDue, setAside: setDueReissuesAside };
export const dueGraceEnds = { deal: tellDueGraceEnds, setAside: setDueGraceEndsAside };
export const outdatedSeats = { deal: refreshOutdatedSeats, setAside: setOutdatedSeatsAside };

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
