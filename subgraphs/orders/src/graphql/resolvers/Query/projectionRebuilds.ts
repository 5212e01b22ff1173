import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { readOptionalText } from '../../arguments.js';
import { optionalServiceFromGraphql, rebuildToGraphql } from '../../deliveries/to-graphql.js';
import { requireOperations } from '../../deliveries/require-operations.js';

export const projectionRebuilds: NonNullable<QueryResolvers['projectionRebuilds']> = async (
  _,
  { consumer, topic },
  { viewer, deliveries },
) => {
  requireOperations(viewer, 'operations:read');
  const rebuilds = await deliveries.rebuilds({
    consumer: optionalServiceFromGraphql(consumer),
    topic: readOptionalText('topic', topic),
  });
  return rebuilds.map(rebuildToGraphql);
};
