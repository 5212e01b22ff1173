import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { readOptionalText } from '../../arguments.js';
import { failedDeliveriesToGraphql, optionalServiceFromGraphql } from '../../deliveries/to-graphql.js';
import { requireOperations } from '../../deliveries/require-operations.js';

export const failedDeliveries: NonNullable<QueryResolvers['failedDeliveries']> = async (
  _,
  { filter, sort, ...page },
  { viewer, deliveries },
) => {
  requireOperations(viewer, 'operations:read');
  const list = await deliveries.failed(page, sort ?? 'FAILED_AT_DESC', {
    consumer: optionalServiceFromGraphql(filter?.consumer),
    producer: optionalServiceFromGraphql(filter?.producer),
    topic: readOptionalText('filter.topic', filter?.topic),
    since: filter?.since ?? null,
  });
  return failedDeliveriesToGraphql(list);
};
