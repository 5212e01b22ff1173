import { pricesOn } from '../../domain/catalog/product.js';
import type { ProductResolvers } from '../__generated__/resolvers.js';
import { priceToGraphql } from '../to-graphql.js';

/** Fields that are not named here are those of the product itself. */
export const Product: ProductResolvers = {
  __resolveReference: ({ code }, { loaders }) => loaders.product.load(code),
  listPrices: async (product, _, { today }) =>
    pricesOn(product, await today()).map((price) => priceToGraphql(product.code, price)),
};
