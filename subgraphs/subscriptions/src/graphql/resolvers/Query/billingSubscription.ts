import { readId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const billingSubscription: NonNullable<QueryResolvers['billingSubscription']> = (
  _query,
  { id },
  { loaders },
) => loaders.subscription.load(readId('id', id));
