import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { DueWorkPayload } from '@fulfillment/schema/events/licenses';
import { utcMidnight, type AgreedSubscription } from '../domain/agreed-subscription.js';
import { newDelivery } from '../domain/delivery.js';
import { followingLicense, licenseFor, type License } from '../domain/license.js';
import type { ReissueScope, UnitOfWork } from './ports.js';

/** So many licenses are followed in one transaction. */
const batch = 200;

/**
 * Issues the license of a version that arrived, and those of the years after that are due by now.
 * @returns the version's own; null when it was issued before
 */
export async function issueLicenses(
  unit: UnitOfWork,
  subscription: AgreedSubscription,
  now: Date,
): Promise<License | null> {
  const first = licenseFor(subscription, now);
  if (!(await unit.licenses.issue(first))) return null;
  await tell(unit, first);
  let last: License | null = first;
  while (last !== null && last.nextIssueOn !== null && utcMidnight(last.nextIssueOn) <= now) {
    last = await follow(unit, last, subscription, now);
  }
  return first;
}

/**
 * Issues the licenses that follow those of the present years and are due by the system's time.
 * @returns how many; there may be more when it is as many as one transaction takes
 */
export async function reissueDue(unit: UnitOfWork, now: Date, limit = batch): Promise<number> {
  const due = await unit.licenses.dueToFollow({ kind: 'EVERYBODY', day: localDateAt(now, 'UTC') }, limit);
  for (const { license, subscription } of due) await follow(unit, license, subscription, now);
  return due.length;
}

/** Takes the licenses that `reissueDue` would follow out of its way, each to be followed by itself (`reissueOne`). */
export async function setDueReissuesAside(unit: UnitOfWork, now: Date): Promise<readonly DueWorkPayload[]> {
  const ids = await unit.licenses.takeDueToFollow(localDateAt(now, 'UTC'), batch);
  return ids.map((licenseId) => ({ kind: 'LICENSE_YEAR', licenseId }));
}

/**
 * Issues the license that follows one that was due; nothing when it was issued or replaced before.
 * @throws when the subscription is not known: it is tried again
 */
export async function reissueOne(unit: UnitOfWork, licenseId: string, now: Date): Promise<void> {
  const held = await unit.licenses.holdWithSubscription(licenseId);
  if (held === null) throw new Error(`The subscription of license ${licenseId} is not known`);
  const { license, subscription } = held;
  if (license.subscriptionVersion === subscription.version) await follow(unit, license, subscription, now);
}

/**
 * Issues the licenses of a sandbox account that fell due up to the instant to which its test clock was moved. It jumps over
 * whole months: each license is issued at the instant at which it was due.
 */
export async function reissueUpTo(unit: UnitOfWork, accountId: string, now: Date): Promise<void> {
  const scope: ReissueScope = { kind: 'ACCOUNT', accountId, day: localDateAt(now, 'UTC') };
  for (;;) {
    const due = await unit.licenses.dueToFollow(scope, batch);
    if (due.length === 0) return;
    for (const { license, subscription } of due) {
      const fellDue = utcMidnight(license.nextIssueOn ?? license.endsOn);
      await follow(unit, license, subscription, fellDue > license.issuedAt ? fellDue : license.issuedAt);
    }
  }
}

async function follow(
  unit: UnitOfWork,
  license: License,
  subscription: AgreedSubscription,
  at: Date,
): Promise<License | null> {
  const next = followingLicense(subscription, license, at);
  if (!(await unit.licenses.follow(license, next)) || next === null) return null;
  await tell(unit, next);
  return next;
}

/** Every license that is issued is told to the other services and sent to the account that uses it. */
async function tell(unit: UnitOfWork, license: License): Promise<void> {
  const { id: licenseId, accountId } = license;
  await unit.deliveries.add({ licenseId, ...newDelivery(accountId) });
  const at = await unit.clock.now(null);
  await Promise.all([
    unit.announcements.license(license),
    unit.announcements.licenseToSend({ licenseId, accountId }, at),
  ]);
}
