import { newestUses, type DeploymentFeatureUse } from '../domain/feature-use.js';
import type { StoredFeatureUse } from './feature-use-ports.js';
import type { UnitOfWork } from './ports.js';

/** A use, and the account that runs the deployment. */
export interface RecordedUse extends DeploymentFeatureUse {
  readonly accountId: string;
}

/** How a deployment's feature is named in what `recordFeatureUses` gives. */
export function useKey({
  deploymentId,
  featureKey,
}: Pick<DeploymentFeatureUse, 'deploymentId' | 'featureKey'>) {
  return `${deploymentId} ${featureKey}`;
}

/**
 * Records what deployments use of features with a limit, in whatever order it comes and however often, and tells of what others see
 * anything new of (`licenses.feature-use`). The uses were found to be without fault, and the deployments' rows are locked.
 * @returns what holds now, by `useKey`
 */
export async function recordFeatureUses(
  { featureUses, announcements, clock }: UnitOfWork,
  uses: readonly RecordedUse[],
): Promise<ReadonlyMap<string, StoredFeatureUse>> {
  const accounts = new Map(uses.map(({ deploymentId, accountId }) => [deploymentId, accountId]));
  const standing = await featureUses.put(newestUses(uses));
  await Promise.all(
    standing.map(async ({ isNews, ...use }) => {
      const accountId = accounts.get(use.deploymentId);
      if (!isNews || accountId === undefined) return;
      await announcements.featureUse(accountId, use, await clock.now(accountId));
    }),
  );
  return new Map(standing.map((use) => [useKey(use), use]));
}
