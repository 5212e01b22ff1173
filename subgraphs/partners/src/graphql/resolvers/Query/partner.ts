import { readId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const partner: NonNullable<QueryResolvers['partner']> = async (_parent, { id }, { loaders }) =>
  loaders.partner.load(readId('id', id));
