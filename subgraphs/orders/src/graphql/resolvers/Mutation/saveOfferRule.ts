import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';
import { offerErrorToGraphql } from '../../to-graphql.js';

export const saveOfferRule: NonNullable<MutationResolvers['saveOfferRule']> = async (
  _,
  { input },
  context,
) => {
  requireScope(context, 'offers:write', ['internal']);
  const { code, errors } = await context.saveOfferRule(input);
  const rules = code === null ? [] : await context.reader.offerRules();
  return {
    rule: rules.find((rule) => rule.code === code) ?? null,
    userErrors: errors.map(offerErrorToGraphql),
  };
};
