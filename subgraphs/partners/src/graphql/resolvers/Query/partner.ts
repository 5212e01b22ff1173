import { isUuid } from '@fulfillment/kernel/domain/ids';
import { InputError } from '@fulfillment/kernel/server/input-error';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const partner: NonNullable<QueryResolvers['partner']> = async (_parent, { id }, { loaders }) => {
  if (!isUuid(id)) throw new InputError('ID_INVALID', 'id', '`id` must be the UUID of a partner.');
  return loaders.partner.load(id);
};
