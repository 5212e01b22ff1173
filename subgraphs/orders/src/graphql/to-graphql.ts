import type { AgreementValue } from '@fulfillment/kernel/domain/agreement/metrics';
import { moneyToGraphql, unitPriceToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { AccountError } from '../domain/account/errors.js';
import { type Price, priceId } from '../domain/catalog/product.js';
import type { Amounts } from '../domain/order/amounts.js';
import type { CheckoutError } from '../domain/checkout/errors.js';
import type { OrderError } from '../domain/order/errors.js';
import type { OrderAction } from '../domain/order/order.js';
import type { LeadError } from '../domain/lead/errors.js';
import type { OfferError } from '../domain/offers/errors.js';
import type { QuoteError } from '../domain/quote/errors.js';
import type {
  AccountUserError,
  ContractValueChange,
  LeadUserError,
  OfferUserError,
  OrderUserError,
  Price as GraphqlPrice,
  ResolversTypes,
} from './__generated__/resolvers.js';

/** The one home of conversions from the domain to the forms of the schema. */

export function priceToGraphql(productCode: string, price: Price): GraphqlPrice {
  const { unitPrice, currency, ...facts } = price;
  return { id: priceId(productCode, price), ...facts, unitPrice: unitPriceToGraphql(unitPrice, currency) };
}

export function errorToGraphql({
  code,
  message,
  field,
}: OrderError | QuoteError | CheckoutError): OrderUserError {
  return { code, message, field };
}

/** Net, tax and total. */
export function amountsToGraphql({ net, tax, total }: Amounts) {
  return { net: moneyToGraphql(net), tax: moneyToGraphql(tax), total: moneyToGraphql(total) };
}

export function valueToGraphql({ mrr, arr, tcv }: AgreementValue): ContractValueChange {
  return { mrr: moneyToGraphql(mrr), arr: moneyToGraphql(arr), tcv: moneyToGraphql(tcv) };
}

export function offerErrorToGraphql({ code, message, field }: OfferError): OfferUserError {
  return { code, message, field };
}

export function leadErrorToGraphql({ code, message, field }: LeadError): LeadUserError {
  return { code, message, field };
}

export function accountErrorToGraphql({ code, message, field }: AccountError): AccountUserError {
  return { code, message, field };
}

/** The type of each kind of action: a new kind is one entry here. */
const actionTypes = {
  CREATE_SUBSCRIPTION: 'CreateSubscriptionAction',
  ADD_PRODUCT: 'AddProductAction',
  CHANGE_QUANTITY: 'ChangeQuantityAction',
  CHANGE_PLAN: 'ChangePlanAction',
  REMOVE_PRODUCT: 'RemoveProductAction',
  RENEW: 'RenewAction',
  SUSPEND: 'SuspendAction',
  RESUME: 'ResumeAction',
  CANCEL: 'CancelAction',
  TRANSFER_OWNER: 'TransferOwnerAction',
  CHANGE_TERMS: 'ChangeTermsAction',
  EXTEND_TRIAL: 'ExtendTrialAction',
  CONVERT_TRIAL: 'ConvertTrialAction',
} as const satisfies Record<OrderAction['change']['kind'], string>;

/** @param isCarriedOut whether the subscription that it creates exists */
export function actionToGraphql(action: OrderAction, isCarriedOut: boolean) {
  const { id, position, subscriptionId, baseVersion, deployment, change } = action;
  return {
    __typename: actionTypes[change.kind],
    id,
    position,
    subscription: baseVersion !== null || isCarriedOut ? { id: subscriptionId } : null,
    deployment: deployment && { id: deployment.id },
    change,
  } as ResolversTypes['OrderAction'];
}
