import { isCurrency, parseAmount } from '@fulfillment/kernel/domain/money';
import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import { creditEstimate, type CreditEstimate } from '../../domain/receivables/credit-estimate.js';
import type { AccountCreditEstimateResolvers } from '../__generated__/resolvers.js';
import type { Context } from '../context.js';
import type { AccountCreditEstimateMapper } from '../mappers.js';

export const AccountCreditEstimate: AccountCreditEstimateResolvers = {
  __resolveReference: ({ accountId, currency, total }) => ({ accountId, currency, total }),
  applied: async (amount, _args, context) => {
    const estimate = await estimateOf(amount, context);
    return estimate && moneyToGraphql(estimate.applied);
  },
  amountDue: async (amount, _args, context) => {
    const estimate = await estimateOf(amount, context);
    return estimate && moneyToGraphql(estimate.amountDue);
  },
};

/** Null when the account's credit is not the viewer's to see, or the account pays in another currency. */
async function estimateOf(
  { accountId, currency, total }: AccountCreditEstimateMapper,
  { loaders }: Context,
): Promise<CreditEstimate | null> {
  const free = await loaders.freeCredit.load(accountId);
  if (free === null || !isCurrency(currency) || free.currency !== currency) return null;
  const amount = parseAmount(total, currency);
  return amount.ok ? creditEstimate(amount.value, free) : null;
}
