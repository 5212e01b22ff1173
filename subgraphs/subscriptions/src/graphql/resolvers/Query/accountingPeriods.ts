import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { toGraphqlPeriod } from '../../money-to-graphql.js';

export const accountingPeriods: NonNullable<QueryResolvers['accountingPeriods']> = async (
  _query,
  { legalEntity },
  { readers },
) => (await readers.accounting.periods(legalEntity)).map(toGraphqlPeriod);
