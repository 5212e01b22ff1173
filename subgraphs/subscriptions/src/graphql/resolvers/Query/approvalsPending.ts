import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { adjustmentToGraphql } from '../../receivables-to-graphql.js';

export const approvalsPending: NonNullable<QueryResolvers['approvalsPending']> = async (
  _query,
  _args,
  { readers },
) => {
  const [writeOffs, adjustments] = await Promise.all([
    readers.accounting.pendingWriteOffs(),
    readers.accounting.pendingAdjustments(),
  ]);
  return { writeOffs, adjustments: adjustments.map(adjustmentToGraphql) };
};
