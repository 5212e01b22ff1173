import { deploymentId } from '@fulfillment/kernel/domain/ids';
import type { FulfillmentStepPayload } from '@fulfillment/schema/events/envelope';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import type { Deployment } from '../domain/deployment.js';
import { licenseFor } from '../domain/license.js';
import type { UnitOfWork } from './ports.js';
import { projectSubscription, type SnapshotVersion } from './projection.js';

/**
 * Takes a subscription's snapshot in: registers its deployment, keeps what was agreed, issues the license and tells the
 * order. Works from any version, whatever was skipped before it, and the same snapshot again changes nothing.
 * A deployment that another account runs already is refused: then nothing is kept and the order is told why.
 */
export async function takeSubscription(
  unit: UnitOfWork,
  payload: BillingSubscriptionPayload,
  snapshot: SnapshotVersion,
): Promise<void> {
  const now = await unit.clock.now(payload.accountId);
  const deployment = await registerDeployment(unit, payload, now);
  if (deployment.accountId !== payload.accountId) {
    return tellSteps(unit, payload, now, 'REFUSED', refusal(deployment));
  }
  const subscription = projectSubscription(payload, deployment.id, snapshot);
  await unit.subscriptions.put(subscription);
  await unit.licenses.issue(licenseFor(subscription, now));
  await tellSteps(unit, payload, now, 'DONE', null);
}

/** The deployment as it stands; told to the others when it is new or its own account has given it another name. */
async function registerDeployment(
  { deployments, announcements }: UnitOfWork,
  { deployment: { kind, externalId, name }, accountId }: BillingSubscriptionPayload,
  now: Date,
): Promise<Deployment> {
  const id = deploymentId(kind, externalId);
  const { deployment, isNew } = await deployments.register({
    id,
    version: 1,
    kind,
    externalId,
    name,
    accountId,
    registeredAt: now,
  });
  const renamed = deployment.accountId === accountId && deployment.name !== name;
  const current = renamed ? await deployments.rename(deployment, name) : deployment;
  if (isNew || renamed) await announcements.deployment(current, now);
  return current;
}

function refusal({ kind, externalId }: Deployment): string {
  return `The deployment ${kind} ${externalId} is registered to another account.`;
}

async function tellSteps(
  { announcements }: UnitOfWork,
  { id: subscriptionId, orderId }: BillingSubscriptionPayload,
  now: Date,
  status: FulfillmentStepPayload['status'],
  reason: string | null,
): Promise<void> {
  if (orderId === null) return;
  for (const kind of ['ENTITLEMENTS_GRANTED', 'LICENSE_ISSUED'] as const) {
    await announcements.fulfillmentStep({
      orderId,
      subscriptionId,
      kind,
      status,
      at: now.toISOString(),
      reason,
    });
  }
}
