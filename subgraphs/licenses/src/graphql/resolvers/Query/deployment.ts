import { isUuid } from '@fulfillment/kernel/domain/ids';
import { InputError } from '@fulfillment/kernel/server/input-error';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const deployment: NonNullable<QueryResolvers['deployment']> = (_, { id }, { loaders }) => {
  if (!isUuid(id)) throw new InputError('ID_INVALID', 'id', '`id` must be a UUID.');
  return loaders.deployment.load(id);
};
