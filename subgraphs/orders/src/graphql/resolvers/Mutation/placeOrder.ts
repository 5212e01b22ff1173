import { hasScope } from '@fulfillment/kernel/domain/viewer';
import { forbidden } from '@fulfillment/kernel/server/graphql/errors';
import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';
import { errorToGraphql } from '../../to-graphql.js';

export const placeOrder: NonNullable<MutationResolvers['placeOrder']> = async (_, { input }, context) => {
  if (!hasScope(context.viewer, 'orders:place')) throw forbidden('The scope `orders:place` is required.');
  if (input.soldToContact != null) requireScope(context, 'contacts:write', ['product', 'internal']);
  const { orderId, errors } = await context.placeOrder(input);
  return {
    order: orderId === null ? null : await context.loaders.order.load(orderId),
    userErrors: errors.map(errorToGraphql),
  };
};
