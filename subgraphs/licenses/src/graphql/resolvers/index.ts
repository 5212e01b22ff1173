import type { Resolvers } from '../__generated__/resolvers.js';
import { Account } from './Account.js';
import { BillingSubscription } from './BillingSubscription.js';
import { Deployment } from './Deployment.js';
import { Entitlements } from './Entitlements.js';
import { License } from './License.js';
import { SeatReportOutcome } from './SeatReportOutcome.js';
import { SeatsOver } from './SeatsOver.js';
import { issueLicenseFile } from './Mutation/issueLicenseFile.js';
import { reportSeats } from './Mutation/reportSeats.js';
import { revokeSigningKey } from './Mutation/revokeSigningKey.js';
import { rotateSigningKey } from './Mutation/rotateSigningKey.js';
import { deployment } from './Query/deployment.js';
import { entitlements } from './Query/entitlements.js';
import { seatsOver } from './Query/seatsOver.js';
import { signingKeys } from './Query/signingKeys.js';

export const resolvers: Resolvers = {
  Query: { deployment, entitlements, seatsOver, signingKeys },
  Mutation: { issueLicenseFile, reportSeats, revokeSigningKey, rotateSigningKey },
  Account,
  BillingSubscription,
  Deployment,
  Entitlements,
  License,
  SeatReportOutcome,
  SeatsOver,
};
