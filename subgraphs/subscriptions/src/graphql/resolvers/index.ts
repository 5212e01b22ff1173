import type { Resolvers } from '../__generated__/resolvers.js';
import { Account } from './Account.js';
import { BillingSubscription } from './BillingSubscription.js';
import { BillingSubscriptionVersion } from './BillingSubscriptionVersion.js';
import { Invoice } from './Invoice.js';
import { InvoiceLine } from './InvoiceLine.js';
import { Order } from './Order.js';
import { advanceTestClock } from './Mutation/advanceTestClock.js';
import { billingSubscription } from './Query/billingSubscription.js';
import { currentAccount } from './Query/currentAccount.js';
import { subscriptionsDueForRenewal } from './Query/subscriptionsDueForRenewal.js';
import { testClock } from './Query/testClock.js';
import { TestClock } from './TestClock.js';

export const resolvers: Resolvers = {
  Query: { billingSubscription, currentAccount, subscriptionsDueForRenewal, testClock },
  Mutation: { advanceTestClock },
  Account,
  BillingSubscription,
  BillingSubscriptionVersion,
  Invoice,
  InvoiceLine,
  Order,
  TestClock,
};
