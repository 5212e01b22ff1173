import type { Clock } from '@fulfillment/kernel/domain/clock';
import type { Deployment } from '../domain/deployment.js';
import { asOf } from '../domain/entitlements/as-of.js';
import { computeEntitlements, type Entitlements } from '../domain/entitlements/compute.js';
import type { EntitledFeature } from '../domain/entitlements/features/index.js';
import { holdsUntil } from '../domain/entitlements/holds-until.js';
import type { DeploymentFacts, Reader } from './ports.js';

/** A deployment and what it may use now. */
export interface DeploymentEntitlements {
  readonly deployment: Deployment;
  readonly entitlements: Entitlements;
  /** False for who was granted single subscriptions of it: who sells or pays for them does not run it. */
  readonly isOwn: boolean;
  /** When the newest change of contract or price list was made that they take in; null when none has arrived. */
  readonly asOf: Date | null;
  /** The present instant of the account, by which they were worked out. */
  readonly at: Date;
  /** When they change by the clock alone; null when they do not. */
  readonly holdsUntil: Date | null;
}

/**
 * The entitlements of deployments that the viewer may see, each at the present instant of its account. Who was granted
 * single subscriptions (a partner) gets them only while one of these is in force: what another partner sold, and
 * whether anybody did, stays unknown.
 */
export async function readEntitlements(
  reader: Pick<Reader, 'deploymentFacts'>,
  clock: Clock,
  deploymentIds: readonly string[],
): Promise<DeploymentEntitlements[]> {
  const found = await reader.deploymentFacts(deploymentIds);
  const accountIds = [...new Set(found.map(({ deployment }) => deployment.accountId))];
  const instants = new Map(
    await Promise.all(accountIds.map(async (id) => [id, await clock.now(id)] as const)),
  );
  return found.flatMap((one) => {
    const at = instants.get(one.deployment.accountId);
    if (at === undefined) return [];
    const entitlements = computeEntitlements(one.facts, at);
    if (!mayKnow(one, entitlements)) return [];
    const { deployment, facts } = one;
    const shown = withoutOthersPacks(one, entitlements);
    const isOwn = one.visibleSubscriptions === 'ALL';
    return [
      { deployment, entitlements: shown, isOwn, asOf: asOf(facts), at, holdsUntil: holdsUntil(facts, at) },
    ];
  });
}

/** What was bought once with a subscription that the viewer may not see counts, but is not named. */
function withoutOthersPacks(
  { visibleSubscriptions, facts }: DeploymentFacts,
  entitlements: Entitlements,
): Entitlements {
  if (visibleSubscriptions === 'ALL') return entitlements;
  const known = facts.subscriptions.filter(({ id }) => visibleSubscriptions.has(id));
  const packs = known.flatMap(({ boughtOnce }) => boughtOnce);
  const isShown = ({ kind, left, code, from }: EntitledFeature['sources'][number]) =>
    kind !== 'ADD_ON' ||
    left === null ||
    packs.some((pack) => pack.productCode === code && pack.from.getTime() === from?.getTime());
  const features = entitlements.features.map((feature) => {
    return { ...feature, sources: feature.sources.filter(isShown) };
  });
  return { ...entitlements, features };
}

function mayKnow({ visibleSubscriptions }: DeploymentFacts, { subscriptionId }: Entitlements): boolean {
  if (visibleSubscriptions === 'ALL') return true;
  return subscriptionId !== null && visibleSubscriptions.has(subscriptionId);
}
