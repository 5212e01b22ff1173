import { deploymentId } from '@fulfillment/kernel/domain/ids';
import type { FulfillmentStepPayload } from '@fulfillment/schema/events/envelope';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { movesAlong, type Deployment } from '../domain/deployment.js';
import { graceEnd } from '../domain/entitlements/in-force.js';
import { ordersToTell } from '../domain/told-orders.js';
import { giveCodeWith } from './activation/activation-codes.js';
import type { SecretMaker } from './activation/ports.js';
import { issueLicenses } from './issue-licenses.js';
import type { UnitOfWork } from './ports.js';
import { refreshSeats } from './record-seats.js';
import { projectSubscription, type SnapshotVersion } from './projection.js';

/**
 * Takes a subscription's snapshot in: registers its deployment, keeps what was agreed, issues the license and tells every
 * order that it fulfills. Works from any version, whatever was skipped before it, and the same snapshot again changes
 * nothing. A deployment goes with its subscription to another account. One that another account runs already is refused:
 * then nothing is kept and the orders are told why.
 */
export async function takeSubscription(
  unit: UnitOfWork,
  secrets: SecretMaker,
  payload: BillingSubscriptionPayload,
  snapshot: SnapshotVersion,
): Promise<void> {
  const now = await unit.clock.now(payload.accountId);
  const known = await unit.subscriptions.knownVersion(payload.id);
  if (known === null && (await wasTakenBefore(unit, payload.id, snapshot))) {
    return unit.subscriptions.put(projectSubscription(payload, payload.deployment.id, snapshot), payload);
  }
  const orderIds = ordersToTell(payload.recentOrders, known, snapshot.version);
  const { deployment, isNew } = await registerDeployment(unit, payload, now);
  if (await isTaken(unit, deployment, payload)) {
    return tellSteps(unit, payload.id, orderIds, now, { status: 'REFUSED', reason: refusal(deployment) });
  }
  await followDeployment(unit, deployment, isNew, payload, now);
  const subscription = projectSubscription(payload, deployment.id, snapshot);
  await unit.subscriptions.put(subscription, payload);
  await unit.graceEnds.put({
    subscriptionId: subscription.id,
    accountId: subscription.accountId,
    endsAt: graceEnd(subscription),
  });
  const license = await issueLicenses(unit, subscription, now);
  if (license !== null) {
    const { accountId } = payload;
    const hasMoved = deployment.accountId !== accountId;
    await giveCodeWith(unit, secrets, license, { deployment: { ...deployment, accountId }, hasMoved });
  }
  await refreshSeats(unit, [{ id: deployment.id, accountId: payload.accountId }]);
  await tellSteps(unit, payload.id, orderIds, now, { status: 'DONE', reason: null });
}

/**
 * True when the snapshot's license was issued: the projection was dropped and is built again. What followed from the
 * snapshot then has gone on since, and in another order than it now comes in: a deployment may have another name.
 */
async function wasTakenBefore(
  { licenses }: UnitOfWork,
  subscriptionId: string,
  { version }: SnapshotVersion,
): Promise<boolean> {
  const newest = await licenses.newestOf(subscriptionId);
  return newest !== null && newest.subscriptionVersion >= version;
}

function registerDeployment(
  { deployments }: UnitOfWork,
  { deployment: { kind, externalId, name }, accountId }: BillingSubscriptionPayload,
  registeredAt: Date,
): ReturnType<UnitOfWork['deployments']['register']> {
  const id = deploymentId(kind, externalId);
  return deployments.register({ id, version: 1, kind, externalId, name, accountId, registeredAt });
}

/** True when another account runs the deployment, and this is not its own subscription on the way to a new account. */
async function isTaken(
  { licenses }: UnitOfWork,
  deployment: Deployment,
  { id, accountId }: BillingSubscriptionPayload,
): Promise<boolean> {
  if (deployment.accountId === accountId) return false;
  return !movesAlong(deployment, await licenses.newestOf(id));
}

/** Gives the deployment the name and account that the snapshot says, and tells the others when it is new or has changed. */
async function followDeployment(
  { deployments, announcements }: UnitOfWork,
  deployment: Deployment,
  isNew: boolean,
  { deployment: { name }, accountId }: BillingSubscriptionPayload,
  now: Date,
): Promise<void> {
  if (deployment.name !== name || deployment.accountId !== accountId) {
    await announcements.deployment(await deployments.change(deployment, { name, accountId }, now), now);
  } else if (isNew) {
    await announcements.deployment(deployment, now);
  }
}

function refusal({ kind, externalId }: Deployment): string {
  return `The deployment ${kind} ${externalId} is registered to another account.`;
}

async function tellSteps(
  { announcements }: UnitOfWork,
  subscriptionId: string,
  orderIds: readonly string[],
  now: Date,
  outcome: Pick<FulfillmentStepPayload, 'status' | 'reason'>,
): Promise<void> {
  for (const orderId of orderIds) {
    for (const kind of ['ENTITLEMENTS_GRANTED', 'LICENSE_ISSUED'] as const) {
      await announcements.fulfillmentStep({
        orderId,
        subscriptionId,
        kind,
        at: now.toISOString(),
        ...outcome,
      });
    }
  }
}
