import type { ActivationCode } from '../domain/activation/activation-code.js';
import type { Instance } from '../domain/activation/instance.js';
import type { Delivery } from '../domain/delivery.js';
import type { UsageNotice } from '../domain/usage-notice.js';
import type { Deployment } from '../domain/deployment.js';
import type { EntitlementGrant } from '../domain/entitlements/grant.js';
import type { License } from '../domain/license.js';
import type { OfAccount } from '../service/ports.js';
import type { DeploymentEntitlements } from '../service/read-entitlements.js';
import type { FeatureUseReportOutcome } from '../service/report-feature-use.js';
import type { SeatReportOutcome } from '../service/report-seats.js';
import type { UsageReportRecord } from '../service/signing-ports.js';
import type { StoredSeatUse } from '../service/seat-ports.js';
import type { IssuedLicenseFile } from '../service/write-license-file.js';

/** What the resolvers of each type get as their parent; the generated types use these names. */
export type DeploymentMapper = Deployment;
export type EntitlementGrantMapper = EntitlementGrant;
export type EntitlementsMapper = DeploymentEntitlements;
export type LicenseMapper = License;

export type SeatsOverMapper = StoredSeatUse;
export type UsageReportMapper = UsageReportRecord;
export type FeatureUseReportOutcomeMapper = FeatureUseReportOutcome;
export type SeatReportOutcomeMapper = SeatReportOutcome;

/** Types of other services: licenses knows their ids alone. */
export interface AccountMapper {
  readonly id: string;
}
export interface BillingSubscriptionMapper {
  readonly id: string;
}
export type ActivationCodeMapper = OfAccount<ActivationCode>;
/** Where it is known already whether it is over its license's limit, that is not worked out again. */
export type InstanceMapper = OfAccount<Instance> & { readonly overLimit?: boolean };
export type LicenseDeliveryMapper = Delivery;
export type UsageNoticeMapper = UsageNotice;
/** As it was written: plain JSON. */
export type LicenseFileMapper = IssuedLicenseFile;
