import { referenceById } from '@fulfillment/kernel/domain/ids';
import type { AccountResolvers } from '../__generated__/resolvers.js';

/** Another service's type: whether the viewer may see the account is for its owner to say, the lists are ours. */
export const Account: AccountResolvers = {
  __resolveReference: referenceById,
  deployments: ({ id }, _, { loaders }) => loaders.deploymentsOfAccount.load(id),
};
