import type { Resolvers } from '../__generated__/resolvers.js';
import { Account } from './Account.js';
import { BillingSubscription } from './BillingSubscription.js';
import { Deployment } from './Deployment.js';
import { Entitlements } from './Entitlements.js';
import { License } from './License.js';
import { deployment } from './Query/deployment.js';
import { entitlements } from './Query/entitlements.js';

export const resolvers: Resolvers = {
  Query: { deployment, entitlements },
  Account,
  BillingSubscription,
  Deployment,
  Entitlements,
  License,
};
