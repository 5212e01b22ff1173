import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { OfferPriceResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of the price itself. */
export const OfferPrice: OfferPriceResolvers = {
  restOfTerm: ({ valueChange }) => moneyToGraphql(valueChange().tcv),
  monthly: ({ valueChange }) => moneyToGraphql(valueChange().mrr),
};
