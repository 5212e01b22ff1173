import { readId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const testClock: NonNullable<QueryResolvers['testClock']> = (_query, { accountId }, context) =>
  context.testClock(readId('accountId', accountId));
