import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import type { SubscriptionItem, Term } from '../domain/subscription.js';
import type {
  Money as GraphqlMoney,
  SubscriptionItem as GraphqlItem,
  SubscriptionTerm,
} from './__generated__/resolvers.js';

/** A unit price as it was agreed: it may have more digits than the currency. */
export function toGraphqlUnitPrice(unitPrice: string, currency: CurrencyCode): GraphqlMoney {
  return { amount: unitPrice, currency };
}

/** @param showPrices false for the sold-to of a partner sale, who does not see what is paid */
export function toGraphqlItem(
  item: SubscriptionItem,
  currency: CurrencyCode,
  showPrices: boolean,
): GraphqlItem {
  const { productCode, quantity, unitPrice, pricePeriod } = item;
  return {
    productCode,
    product: { __typename: 'Product', code: productCode },
    quantity,
    unitPrice: showPrices ? toGraphqlUnitPrice(unitPrice, currency) : null,
    pricePeriod,
  };
}

export function toGraphqlTerm({ startDate, endDate, months }: Term): SubscriptionTerm {
  return { startDate, endDate, months };
}
