import type { Deployment } from '../domain/deployment.js';
import type { License } from '../domain/license.js';
import type { DeploymentEntitlements } from '../service/read-entitlements.js';
import type { SeatReportOutcome } from '../service/report-seats.js';
import type { StoredSeatUse } from '../service/seat-ports.js';

/** What the resolvers of each type get as their parent; the generated types use these names. */
export type DeploymentMapper = Deployment;
export type EntitlementsMapper = DeploymentEntitlements;
export type LicenseMapper = License;

export type SeatsOverMapper = StoredSeatUse;
export type SeatReportOutcomeMapper = SeatReportOutcome;

/** Types of other services: licenses knows their ids alone. */
export interface AccountMapper {
  readonly id: string;
}
export interface BillingSubscriptionMapper {
  readonly id: string;
}
