import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { optionalServiceFromGraphql, serviceFromGraphql } from '../../deliveries/to-graphql.js';
import { requireOperations } from '../../deliveries/require-operations.js';

export const redeliverEvents: NonNullable<MutationResolvers['redeliverEvents']> = async (
  _,
  { input },
  context,
) => {
  const viewer = requireOperations(context.viewer, 'operations:write');
  const { sentCount, errors } = await context.deliveries.redeliver(viewer, {
    ...input,
    producer: serviceFromGraphql(input.producer),
    consumer: optionalServiceFromGraphql(input.consumer),
  });
  return { sentCount, userErrors: errors };
};
