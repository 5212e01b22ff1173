import type { AgreementValue } from '@fulfillment/kernel/domain/agreement/metrics';
import { formatAmount } from '@fulfillment/kernel/domain/money';
import type { Offer } from '../domain/offers/offers.js';
import type { OfferCondition } from '../domain/offers/rule.js';
import type { OrderActionInput } from '../domain/order/actions/index.js';
import type {
  OfferAction,
  OfferCondition as GraphqlCondition,
  OfferedAction,
  OfferedOrder,
  OfferPrice,
} from './__generated__/resolvers.js';
import { amountsToGraphql } from './to-graphql.js';

/** The one home of conversions of offers from the domain to the forms of the schema. */

/** What a price says, with what is worked out when it is asked for. */
export interface OfferedPrice extends Omit<OfferPrice, 'restOfTerm' | 'monthly'> {
  readonly valueChange: () => AgreementValue;
}

export function offerPriceToGraphql({ price, isContractPrice }: Offer): OfferedPrice | null {
  if (price === null) return null;
  const { effectiveDate, holdsUntil, valueChange } = price;
  return {
    ...amountsToGraphql(price),
    valueChange,
    isContractPrice,
    effectiveDate,
    holdsUntil,
  };
}

export function offerActionOf({ price, partnerId }: Offer): OfferAction {
  if (partnerId !== null) return 'REQUEST_FROM_PARTNER';
  return price === null ? 'TALK_TO_SALES' : 'ORDER';
}

export function offeredOrderToGraphql({ id, accountId, price, actions }: Offer): OfferedOrder | null {
  if (price === null) return null;
  const expectedTotal = formatAmount(price.total);
  return { accountId, offerId: id, expectedTotal, actions: actions.map(offeredActionToGraphql) };
}

/** The fields of an action that offers are made of; the others are never in one. */
function offeredActionToGraphql(action: OrderActionInput): OfferedAction {
  const { createSubscription, addProduct, changeQuantity, changePlan, convertTrial } = action;
  return {
    createSubscription: createSubscription ?? null,
    addProduct: addProduct ?? null,
    changeQuantity: changeQuantity ?? null,
    changePlan: changePlan == null ? null : { ...changePlan, quantity: changePlan.quantity ?? 0 },
    convertTrial: convertTrial ?? null,
  };
}

export function conditionToGraphql(condition: OfferCondition): GraphqlCondition {
  return { percent: null, times: null, withinDays: null, daysBefore: null, ...condition };
}
