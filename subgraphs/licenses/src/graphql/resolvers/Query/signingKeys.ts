import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { requireCompanyScope } from '../../require-scope.js';
import { signingKeyToGraphql } from '../../signing-key-to-graphql.js';

export const signingKeys: NonNullable<QueryResolvers['signingKeys']> = async (_, _arguments, context) => {
  requireCompanyScope(context.viewer, 'licenses:read');
  const [keys, at] = await Promise.all([context.signingKeys(), context.now(null)]);
  return keys
    .toSorted((left, right) => right.signsFrom.getTime() - left.signsFrom.getTime())
    .map((key) => signingKeyToGraphql(key, keys, at));
};
