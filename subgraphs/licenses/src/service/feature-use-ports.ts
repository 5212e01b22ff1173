import type { FeatureKind } from '../domain/entitlements/features/index.js';
import type { DeploymentFeatureUse } from '../domain/feature-use.js';

/** A use as it is kept, with the number of what was told of it last. */
export interface StoredFeatureUse extends DeploymentFeatureUse {
  readonly version: number;
}

/** A use as it stands after a report. */
export interface PutFeatureUse extends StoredFeatureUse {
  /** True when the report is to be told of: it has a new version. */
  readonly isNews: boolean;
}

/** The use of features with a limit, inside one transaction. Every call is one statement for any number of them. */
export interface FeatureUseStore {
  /** How features are counted by the price list, by their keys; a key that no product has is missing. */
  kindsOf(featureKeys: readonly string[]): Promise<ReadonlyMap<string, FeatureKind>>;
  /**
   * Keeps what holds of these uses and of those that are known (`compareUses`). The deployments' rows are locked. One gets its next
   * version when the number is another one, and with the first observation of a day (UTC).
   * @param uses of each deployment and feature one
   * @returns what holds now of each of them, in any order
   */
  put(uses: readonly DeploymentFeatureUse[]): Promise<readonly PutFeatureUse[]>;
}
