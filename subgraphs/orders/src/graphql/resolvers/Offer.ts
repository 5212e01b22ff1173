import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { OfferResolvers } from '../__generated__/resolvers.js';
import { offerActionOf, offeredOrderToGraphql, offerPriceToGraphql } from '../offer-to-graphql.js';
import { priceToGraphql } from '../to-graphql.js';

/** Fields that are not named here are those of the offer itself. */
export const Offer: OfferResolvers = {
  action: offerActionOf,
  price: offerPriceToGraphql,
  order: offeredOrderToGraphql,
  partner: ({ partnerId }) => (partnerId === null ? null : { id: partnerId }),
  saving: ({ saving }) => saving && moneyToGraphql(saving),
  listPrice: ({ product, listPrice }) => listPrice && priceToGraphql(product.code, listPrice),
};
