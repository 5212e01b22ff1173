import { featureUseFault } from '../domain/feature-use.js';
import { textRefusal } from '../domain/text.js';
import type { UnitOfWork } from './ports.js';
import { recordFeatureUses } from './record-feature-use.js';
import type { SeatedDeployment } from './seat-ports.js';

/** What an instance tells of a feature with a limit, by the way: when it synchronizes, or in the file that it makes. */
export interface ToldFeatureUse {
  readonly featureKey: string;
  readonly used: number;
  /** Now when null. */
  readonly observedAt: Date | null;
}

/** The use that cannot be recorded, by its index, and why. */
export interface RefusedFeatureUse {
  readonly index: number;
  readonly field: 'featureKey' | 'used' | 'observedAt';
  readonly message: string;
}

/** The first use that cannot be recorded at `now`. */
export function refusedUseAmong(uses: readonly ToldFeatureUse[], now: Date): RefusedFeatureUse | null {
  for (const [index, { featureKey, used, observedAt }] of uses.entries()) {
    const text = textRefusal(featureKey, 'featureKey');
    if (text !== null) return { index, field: 'featureKey', message: text.message };
    const fault = featureUseFault({ used, observedAt: observedAt ?? now }, now);
    if (fault !== null) return { index, ...fault };
  }
  return null;
}

/**
 * Records what an instance tells, of features that the price list knows as limits: the instance may run another version of the
 * software. The uses were found to be without fault, and the deployment's row is locked.
 * @returns the keys of the others
 */
export async function recordToldUses(
  unit: UnitOfWork,
  { id: deploymentId, accountId }: SeatedDeployment,
  uses: readonly ToldFeatureUse[],
  now: Date,
): Promise<readonly string[]> {
  if (uses.length === 0) return [];
  const keys = [...new Set(uses.map(({ featureKey }) => featureKey))];
  const kinds = await unit.featureUses.kindsOf(keys);
  await recordFeatureUses(
    unit,
    uses
      .filter(({ featureKey }) => kinds.get(featureKey) === 'LIMIT')
      .map((use) => ({ ...use, deploymentId, accountId, observedAt: use.observedAt ?? now })),
  );
  return keys.filter((key) => kinds.get(key) !== 'LIMIT');
}
