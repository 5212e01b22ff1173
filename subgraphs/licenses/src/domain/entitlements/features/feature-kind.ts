import type { FeatureUse } from '../../usage.js';

/** One product in force that unlocks a feature. */
export interface FeatureGrant {
  /** The code of the plan or add-on. */
  readonly source: string;
  readonly name: string;
  /** What one unit brings; see `ProductFeature`. */
  readonly quantity: number | null;
  /** How often it counts: 1 for a plan whatever its seats, the purchased quantity for an add-on. */
  readonly units: number;
  /** True for a pack that was bought once and lasts until it is used up; false for what is granted anew each month. */
  readonly oneTime: boolean;
}

/** What every entitled feature states, whatever its kind. */
export interface FeatureIdentity {
  readonly key: string;
  readonly name: string;
  /** The plan when it unlocks the feature, else the first add-on that does. */
  readonly source: string;
}

/**
 * How features of one kind are worked out: from every product in force that unlocks the feature (at least one, the
 * plan first) and its use, at an instant. A new kind is one new file that exports one of these, and its entry in
 * `features/index.ts`.
 */
export type MergeFeature<Facts> = (
  grants: readonly FeatureGrant[],
  use: FeatureUse | null,
  at: Date,
) => Facts;
