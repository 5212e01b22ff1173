import type { Resolvers } from '../__generated__/resolvers.js';
import { Account } from './Account.js';
import { BillingSubscription } from './BillingSubscription.js';
import { Deployment } from './Deployment.js';
import { Entitlements } from './Entitlements.js';
import { License } from './License.js';
import { issueLicenseFile } from './Mutation/issueLicenseFile.js';
import { revokeSigningKey } from './Mutation/revokeSigningKey.js';
import { rotateSigningKey } from './Mutation/rotateSigningKey.js';
import { deployment } from './Query/deployment.js';
import { entitlements } from './Query/entitlements.js';
import { signingKeys } from './Query/signingKeys.js';

export const resolvers: Resolvers = {
  Query: { deployment, entitlements, signingKeys },
  Mutation: { issueLicenseFile, revokeSigningKey, rotateSigningKey },
  Account,
  BillingSubscription,
  Deployment,
  Entitlements,
  License,
};
