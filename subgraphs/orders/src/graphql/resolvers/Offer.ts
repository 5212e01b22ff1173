import type { OfferResolvers } from '../__generated__/resolvers.js';
import { priceToGraphql } from '../to-graphql.js';

/** Fields that are not named here are those of the offer itself. */
export const Offer: OfferResolvers = {
  listPrice: ({ product, listPrice }) => listPrice && priceToGraphql(product.code, listPrice),
};
