import { readId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const deployment: NonNullable<QueryResolvers['deployment']> = (_, { id }, { loaders }) =>
  loaders.deployment.load(readId('id', id));
