import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { periodToGraphql } from '../../receivables-to-graphql.js';

export const accountingPeriods: NonNullable<QueryResolvers['accountingPeriods']> = async (
  _query,
  { legalEntity },
  { readers },
) => (await readers.accounting.periods(legalEntity)).map(periodToGraphql);
