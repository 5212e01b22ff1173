import { reasonOf } from '../../domain/offers/rule.js';
import type { OfferRuleResolvers } from '../__generated__/resolvers.js';
import { conditionToGraphql } from '../offer-to-graphql.js';

/** Fields that are not named here are those of the rule itself. */
export const OfferRule: OfferRuleResolvers = {
  reason: reasonOf,
  condition: ({ condition }) => conditionToGraphql(condition),
};
