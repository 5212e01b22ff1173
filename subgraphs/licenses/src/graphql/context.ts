import type { Result } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Refusal } from '../domain/refusal.js';
import type { SigningKey } from '../domain/signing/signing-key.js';
import type { Keyed } from '../service/call-once.js';
import type { IssueLicenseFileRequest } from '../service/issue-license-file.js';
import type { RevokeSigningKeyRequest } from '../service/signing-keys.js';
import type { FeatureUseReportOutcome, ReportFeatureUseRequest } from '../service/report-feature-use.js';
import type { ReportSeatsRequest, SeatReportOutcome } from '../service/report-seats.js';
import type { AddOnSeatsOutcome, AddOnSeatsRequest } from '../service/assign-add-on-seats.js';
import type { SeatReader } from './readers.js';
import type { IssuedLicenseFile } from '../service/write-license-file.js';
import type { ActivationUseCases } from './activation.js';
import type {
  GrantEntitlementRequest,
  RevokeEntitlementGrantRequest,
  SetEntitlementOverrideRequest,
} from '../service/entitlement-grants.js';
import type { IssuedToken } from '../service/entitlement-token.js';
import type { DeploymentEntitlements } from '../service/read-entitlements.js';
import type {
  AllowanceBalance,
  ConsumeAllowanceRequest,
  ReportAllowanceRequest,
} from '../service/use-allowance.js';
import type { Loaders } from './loaders.js';

/** What every resolver of licenses gets with a request. */
export interface Context {
  readonly viewer: Viewer;
  readonly loaders: Loaders;
  readonly signingKeys: () => Promise<readonly SigningKey[]>;
  /** The present instant of an account; of the system with null. */
  readonly now: (accountId: string | null) => Promise<Date>;
  readonly issueLicenseFile: (input: IssueLicenseFileRequest) => Promise<Result<IssuedLicenseFile, Refusal>>;
  readonly reportFeatureUse: (
    input: ReportFeatureUseRequest,
  ) => Promise<Result<readonly FeatureUseReportOutcome[], Refusal>>;
  readonly consumeAllowance: (input: ConsumeAllowanceRequest) => Promise<Result<AllowanceBalance, Refusal>>;
  readonly reportAllowance: (input: ReportAllowanceRequest) => Promise<Result<AllowanceBalance, Refusal>>;
  /** The outcome of these three is the grant's id. */
  readonly grantEntitlement: (input: GrantEntitlementRequest) => Promise<Result<string, Refusal>>;
  readonly setEntitlementOverride: (input: SetEntitlementOverrideRequest) => Promise<Result<string, Refusal>>;
  readonly revokeEntitlementGrant: (input: RevokeEntitlementGrantRequest) => Promise<Result<string, Refusal>>;
  /** What a deployment may use, as a signed token. */
  readonly signEntitlements: (entitlements: DeploymentEntitlements) => Promise<IssuedToken>;
  /** The outcome is the key's id. */
  readonly rotateSigningKey: (input: Keyed) => Promise<Result<string, Refusal>>;
  readonly seats: SeatReader;
  readonly assignAddOnSeats: (input: AddOnSeatsRequest) => Promise<Result<AddOnSeatsOutcome, Refusal>>;
  readonly unassignAddOnSeats: (input: AddOnSeatsRequest) => Promise<Result<AddOnSeatsOutcome, Refusal>>;
  readonly reportSeats: (input: ReportSeatsRequest) => Promise<Result<readonly SeatReportOutcome[], Refusal>>;
  readonly revokeSigningKey: (input: RevokeSigningKeyRequest) => Promise<Result<string, Refusal>>;
  readonly activation: ActivationUseCases;
}
