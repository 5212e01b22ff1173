import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { EntitlementGrant } from '../domain/entitlements/grant.js';
import type { FeatureKind } from '../domain/entitlements/features/index.js';
import type { AllowanceReading } from '../domain/usage.js';

/** So much of an allowance used up is told of, in per cent. */
export type Threshold = 80 | 100;

export interface AllowanceStore {
  /**
   * Keeps everybody else from changing the deployment's allowances until the transaction ends.
   * @param now the instant at which the viewer's grants must hold
   * @returns false when the viewer may not see it or it does not exist
   */
  hold(viewer: Viewer, now: Date, deploymentId: string): Promise<boolean>;
  /** Takes a reading: of a part of a month, the highest count stays. Its quota becomes that of the whole month. */
  put(deploymentId: string, reading: AllowanceReading): Promise<void>;
  /** True the first time. */
  passThreshold(
    deploymentId: string,
    featureKey: string,
    month: LocalDate,
    percent: Threshold,
  ): Promise<boolean>;
}

/** A feature of the price list, as any of its products calls it. */
export interface ListedFeature {
  readonly key: string;
  readonly name: string;
  readonly kind: FeatureKind;
}

export interface EntitlementGrantStore {
  add(grant: EntitlementGrant): Promise<void>;
  /** By its id, locked until the transaction ends; null when there is none. */
  hold(id: string): Promise<EntitlementGrant | null>;
  revoke(id: string, revocation: NonNullable<EntitlementGrant['revocation']>): Promise<void>;
  /** True when the account runs a deployment. */
  isKnownAccount(accountId: string): Promise<boolean>;
  /** Null when no product of the price list has it. */
  listedFeature(key: string): Promise<ListedFeature | null>;
}
