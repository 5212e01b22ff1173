import type { AgreedItem, PlannedChange, Term } from '@fulfillment/kernel/domain/agreement/agreement';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import { unitPriceToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type {
  PlannedChange as GraphqlPlannedChange,
  ResolversTypes,
  SubscriptionItem as GraphqlItem,
  SubscriptionTerm,
} from './__generated__/resolvers.js';
import type { ReconciliationTerms } from '../service/reconciliation-ports.js';

/** @param showPrices false for the sold-to of a partner sale, who does not see what is paid */
export function itemToGraphql(item: AgreedItem, currency: CurrencyCode, showPrices: boolean): GraphqlItem {
  const { productCode, quantity, unitPrice, pricePeriod, discount } = item;
  return {
    productCode,
    product: { __typename: 'Product', code: productCode },
    quantity,
    unitPrice: showPrices ? unitPriceToGraphql(unitPrice, currency) : null,
    pricePeriod,
    discount: showPrices ? discount : null,
  };
}

export function reconciliationTermsToGraphql({
  accountId,
  ...terms
}: ReconciliationTerms): ResolversTypes['ReconciliationTerms'] {
  return { account: { id: accountId }, ...terms };
}

export function termToGraphql({ startDate, endDate, months }: Term): SubscriptionTerm {
  return { startDate, endDate, months };
}

export function plannedChangeToGraphql(change: PlannedChange): GraphqlPlannedChange {
  const { kind, productCode } = change;
  switch (kind) {
    case 'QUANTITY':
      return { kind, productCode, newPlanCode: null, quantity: change.quantity };
    case 'REMOVAL':
      return { kind, productCode, newPlanCode: null, quantity: null };
    case 'PLAN':
      return { kind, productCode, newPlanCode: change.item.productCode, quantity: change.item.quantity };
  }
}
