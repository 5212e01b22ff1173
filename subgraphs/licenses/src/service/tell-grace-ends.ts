import type { InternalViewer } from '@fulfillment/kernel/domain/viewer';
import type { DueWorkPayload } from '@fulfillment/schema/events/licenses';
import { computeEntitlements } from '../domain/entitlements/compute.js';
import type { DueGraceEnd } from './grace-ports.js';
import type { UnitOfWork } from './ports.js';

/** The service itself sees every deployment. */
const licenses: InternalViewer = { audience: 'internal', subject: 'licenses', scopes: new Set() };

/** So many are told in one transaction. */
const batch = 200;

/**
 * Tells of every deployment whose days of grace are over by the system's clock. What it may use has fallen by the clock alone;
 * this says so. @returns how many ends were looked at; call it again while it is not 0
 */
export async function tellDueGraceEnds(unit: UnitOfWork): Promise<number> {
  const now = await unit.clock.now(null);
  const due = await unit.graceEnds.holdDue(now, batch);
  await tell(unit, due, now);
  return due.length;
}

/** Takes the ends that `tellDueGraceEnds` would tell of out of its way, each to be told by itself (`tellGraceEnd`). */
export async function setDueGraceEndsAside(
  { graceEnds }: UnitOfWork,
  now: Date,
): Promise<readonly DueWorkPayload[]> {
  const due = await graceEnds.takeDue(now, batch);
  return due.map(({ subscriptionId, endsAt }) => {
    return { kind: 'GRACE_END', subscriptionId, endsAt: endsAt.toISOString() };
  });
}

/** Tells of one end that was due, unless the subscription goes on since. */
export async function tellGraceEnd(
  unit: UnitOfWork,
  { subscriptionId, endsAt }: Pick<DueGraceEnd, 'subscriptionId' | 'endsAt'>,
): Promise<void> {
  const due = await unit.graceEnds.endingAt(subscriptionId, endsAt);
  if (due !== null) await tell(unit, [due], await unit.clock.now(null));
}

/** The same for one account, at its own present instant: when its test clock has moved. */
export async function tellGraceEndsOf(unit: UnitOfWork, accountId: string): Promise<void> {
  const now = await unit.clock.now(accountId);
  await tell(unit, await unit.graceEnds.holdDueOf(accountId, now), now);
}

async function tell(unit: UnitOfWork, due: readonly DueGraceEnd[], now: Date): Promise<void> {
  if (due.length === 0) return;
  const ids = [...new Set(due.map(({ deploymentId }) => deploymentId))];
  const found = await unit.readerFor(licenses, await unit.clock.now(null)).deploymentFacts(ids);
  const known = new Map(found.map((one) => [one.deployment.id, one] as const));
  for (const { subscriptionId, deploymentId, endsAt } of due) {
    const one = known.get(deploymentId);
    if (one === undefined) continue;
    const before = computeEntitlements(one.facts, new Date(endsAt.getTime() - 1));
    const after = computeEntitlements(one.facts, endsAt);
    // Another subscription may have been in force, or be from now on.
    if (before.subscriptionId !== subscriptionId || !before.inGracePeriod) continue;
    await unit.announcements.graceEnded(
      {
        deploymentId,
        accountId: one.deployment.accountId,
        subscriptionId,
        fromPlanCode: before.planCode,
        toPlanCode: after.planCode,
      },
      endsAt,
    );
  }
  await unit.graceEnds.told(
    due.map(({ subscriptionId }) => subscriptionId),
    now,
  );
}
