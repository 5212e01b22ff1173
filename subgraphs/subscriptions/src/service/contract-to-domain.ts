import { localDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, isCurrency, type Money, money } from '@fulfillment/kernel/domain/money';
import { assertNever } from '@fulfillment/kernel/domain/result';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';
import type { Account } from '../domain/account.js';
import type { OrderedAction } from '../domain/actions/index.js';
import type { FrozenCharge, PlacedOrder } from '../domain/placed-order.js';

/** An account as orders tells it. Throws a RangeError when the currency is none. */
export function toAccount(payload: AccountPayload): Account {
  return { ...payload, currency: currencyOf(payload.currency) };
}

/** An order as orders tells it. Throws a RangeError when a date or currency is none. */
export function toPlacedOrder(payload: OrderPayload): PlacedOrder {
  return {
    id: payload.id,
    accountId: payload.accountId,
    invoiceOwnerAccountId: payload.invoiceOwnerAccountId,
    partnerId: payload.partnerId,
    distributorId: payload.distributorId,
    currency: currencyOf(payload.currency),
    effectiveDate: localDate(payload.effectiveDate),
    placedAt: new Date(payload.placedAt),
    placedBy: payload.placedBy,
    actions: payload.actions.map(toAction),
    charges: payload.charges.map(toCharge),
    total: toMoney(payload.total),
  };
}

function toAction(action: OrderPayload['actions'][number]): OrderedAction {
  switch (action.kind) {
    case 'CREATE_SUBSCRIPTION': {
      const { kind, subscriptionId, deployment, termMonths, autoRenewal, items } = action;
      return { kind, subscriptionId, deployment, termMonths, autoRenewal, items };
    }
    default:
      return assertNever(action.kind);
  }
}

function toCharge(charge: OrderPayload['charges'][number]): FrozenCharge {
  return {
    ...charge,
    serviceStart: localDate(charge.serviceStart),
    serviceEnd: localDate(charge.serviceEnd),
    amount: toMoney(charge.amount),
  };
}

function toMoney({ minor, currency }: OrderPayload['total']): Money {
  return money(BigInt(minor), currencyOf(currency));
}

function currencyOf(code: string): CurrencyCode {
  if (!isCurrency(code)) throw new RangeError(`Not a currency: ${code}`);
  return code;
}
