import type { Resolvers } from '../__generated__/resolvers.js';
import { Account } from './Account.js';
import { ActivationCode } from './ActivationCode.js';
import { BillingSubscription } from './BillingSubscription.js';
import { Deployment } from './Deployment.js';
import { EntitlementGrant } from './EntitlementGrant.js';
import { Entitlements } from './Entitlements.js';
import { FeatureUseReportOutcome } from './FeatureUseReportOutcome.js';
import { Instance } from './Instance.js';
import { License } from './License.js';
import { LicenseDelivery } from './LicenseDelivery.js';
import { UsageNotice } from './UsageNotice.js';
import { LicenseFile } from './LicenseFile.js';
import { UsageReport } from './UsageReport.js';
import { assignAddOnSeats } from './Mutation/assignAddOnSeats.js';
import { unassignAddOnSeats } from './Mutation/unassignAddOnSeats.js';
import { activateInstance } from './Mutation/activateInstance.js';
import { createActivationCode } from './Mutation/createActivationCode.js';
import { deactivateInstance } from './Mutation/deactivateInstance.js';
import { issueLicenseFile } from './Mutation/issueLicenseFile.js';
import { reportFeatureUse } from './Mutation/reportFeatureUse.js';
import { reportSeats } from './Mutation/reportSeats.js';
import { revokeActivationCode } from './Mutation/revokeActivationCode.js';
import { SeatReportOutcome } from './SeatReportOutcome.js';
import { SeatsOver } from './SeatsOver.js';
import { revokeSigningKey } from './Mutation/revokeSigningKey.js';
import { rotateSigningKey } from './Mutation/rotateSigningKey.js';
import { synchronizeInstance } from './Mutation/synchronizeInstance.js';
import { transferInstance } from './Mutation/transferInstance.js';
import { uploadUsageReport } from './Mutation/uploadUsageReport.js';
import { consumeAllowance } from './Mutation/consumeAllowance.js';
import { grantEntitlement } from './Mutation/grantEntitlement.js';
import { reportAllowance } from './Mutation/reportAllowance.js';
import { revokeEntitlementGrant } from './Mutation/revokeEntitlementGrant.js';
import { setEntitlementOverride } from './Mutation/setEntitlementOverride.js';
import { deployment } from './Query/deployment.js';
import { entitlements } from './Query/entitlements.js';
import { seatsOver } from './Query/seatsOver.js';
import { entitlementsOf } from './Query/entitlementsOf.js';
import { entitlementToken } from './Query/entitlementToken.js';
import { signingKeys } from './Query/signingKeys.js';

export const resolvers: Resolvers = {
  Query: { deployment, entitlements, entitlementsOf, entitlementToken, seatsOver, signingKeys },
  Mutation: {
    activateInstance,
    consumeAllowance,
    assignAddOnSeats,
    createActivationCode,
    deactivateInstance,
    grantEntitlement,
    issueLicenseFile,
    reportAllowance,
    reportFeatureUse,
    reportSeats,
    revokeActivationCode,
    revokeEntitlementGrant,
    revokeSigningKey,
    rotateSigningKey,
    setEntitlementOverride,
    synchronizeInstance,
    transferInstance,
    unassignAddOnSeats,
    uploadUsageReport,
  },
  Account,
  ActivationCode,
  BillingSubscription,
  Deployment,
  EntitlementGrant,
  Entitlements,
  FeatureUseReportOutcome,
  Instance,
  License,
  LicenseDelivery,
  UsageNotice,
  LicenseFile,
  SeatReportOutcome,
  SeatsOver,
  UsageReport,
};
