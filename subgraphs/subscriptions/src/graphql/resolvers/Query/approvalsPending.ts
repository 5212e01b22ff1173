import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { toGraphqlAdjustment } from '../../money-to-graphql.js';

export const approvalsPending: NonNullable<QueryResolvers['approvalsPending']> = async (
  _query,
  _args,
  { readers },
) => {
  const [writeOffs, adjustments] = await Promise.all([
    readers.accounting.pendingWriteOffs(),
    readers.accounting.pendingAdjustments(),
  ]);
  return { writeOffs, adjustments: adjustments.map(toGraphqlAdjustment) };
};
