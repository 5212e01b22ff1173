import { type Price, priceId } from '../domain/catalog/product.js';
import type { OrderAction } from '../domain/order/actions/index.js';
import type { OrderError } from '../domain/order/errors.js';
import type { OrderUserError, Price as GraphqlPrice } from './__generated__/resolvers.js';

/** The one home of conversions from the domain to the forms of the schema. */

export function priceToGraphql(productCode: string, price: Price): GraphqlPrice {
  const { unitPrice, currency, ...facts } = price;
  return { id: priceId(productCode, price), ...facts, unitPrice: { amount: unitPrice, currency } };
}

export function errorToGraphql({ code, message, field }: OrderError): OrderUserError {
  return { code, message, field };
}

/** The type of each kind of action: a new kind is one entry here. */
const actionTypes = { CREATE_SUBSCRIPTION: 'CreateSubscriptionAction' } as const;

/** @param isCarriedOut whether its subscription has been created */
export function actionToGraphql(action: OrderAction, isCarriedOut: boolean) {
  return { __typename: actionTypes[action.kind], ...action, isCarriedOut };
}
