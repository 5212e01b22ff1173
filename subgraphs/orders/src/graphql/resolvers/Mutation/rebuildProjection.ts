import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { rebuildToGraphql, serviceFromGraphql } from '../../deliveries/to-graphql.js';
import { requireOperations } from '../../deliveries/require-operations.js';

export const rebuildProjection: NonNullable<MutationResolvers['rebuildProjection']> = async (
  _,
  { input },
  context,
) => {
  const viewer = requireOperations(context.viewer, 'operations:write');
  const { rebuild, errors } = await context.deliveries.rebuild(viewer, {
    ...input,
    consumer: serviceFromGraphql(input.consumer),
    restart: input.restart ?? false,
  });
  return { rebuild: rebuild && rebuildToGraphql(rebuild), userErrors: errors };
};
