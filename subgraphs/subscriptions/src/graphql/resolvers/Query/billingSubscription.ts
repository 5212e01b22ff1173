import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { checkedId } from '../../arguments.js';

export const billingSubscription: NonNullable<QueryResolvers['billingSubscription']> = (
  _query,
  { id },
  { loaders },
) => loaders.subscription.load(checkedId(id, 'id'));
