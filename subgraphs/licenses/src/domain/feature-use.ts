import { momentFault } from './moment.js';
import type { FeatureUse } from './usage.js';

/** How many of a feature with a limit a deployment used at one moment. */
export interface DeploymentFeatureUse extends FeatureUse {
  readonly deploymentId: string;
}

/**
 * Which of two observations of the same feature holds: the newer one, of the same moment the higher. It is a total order, so what
 * holds in the end is the same in whatever order they come, and however often.
 * @returns above 0 when `one` holds, below 0 when `other` does, 0 when they say the same
 */
export function compareUses(
  one: Pick<FeatureUse, 'used' | 'observedAt'>,
  other: Pick<FeatureUse, 'used' | 'observedAt'>,
): number {
  return one.observedAt.getTime() - other.observedAt.getTime() || one.used - other.used;
}

/** Of each deployment and feature the observation that holds: the store keeps the same in SQL. */
export function newestUses(uses: readonly DeploymentFeatureUse[]): DeploymentFeatureUse[] {
  const byKey = new Map<string, DeploymentFeatureUse>();
  for (const use of uses) {
    const key = `${use.deploymentId} ${use.featureKey}`;
    const known = byKey.get(key);
    if (known === undefined || compareUses(use, known) > 0) byKey.set(key, use);
  }
  return [...byKey.values()];
}

/** No deployment has more of anything: what is above it was counted wrongly. */
const highestUse = 1_000_000_000;

/** What is wrong with an observation: the field, and a sentence that says how to mend it. */
export interface FeatureUseFault {
  readonly field: 'used' | 'observedAt';
  readonly message: string;
}

/** What is wrong with an observation that comes at `now`; null when it can be recorded. */
export function featureUseFault(
  { used, observedAt }: Pick<FeatureUse, 'used' | 'observedAt'>,
  now: Date,
): FeatureUseFault | null {
  if (!Number.isSafeInteger(used) || used < 0 || used > highestUse) {
    return { field: 'used', message: `\`used\` must be a whole number from 0 to ${highestUse}.` };
  }
  const message = momentFault('observedAt', observedAt, now);
  return message === null ? null : { field: 'observedAt', message };
}
