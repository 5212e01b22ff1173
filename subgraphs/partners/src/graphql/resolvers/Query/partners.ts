import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const partners: NonNullable<QueryResolvers['partners']> = async (
  _parent,
  { kind, ...page },
  { reader },
) => reader.partnerPage({ kind: kind ?? null }, page);
