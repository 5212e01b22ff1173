import { actionFromContract } from '@fulfillment/kernel/domain/agreement/contract';
import { type TaxReason, taxReasons } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, isCurrency, type Money, money } from '@fulfillment/kernel/domain/money';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';
import type { PartnerPayload } from '@fulfillment/schema/events/partners';
import type { Account } from '../domain/account.js';
import type { BilledLine } from '../domain/billed-line.js';
import type { Partner } from '../domain/partner.js';
import type { OrderedAction, PlacedOrder } from '../domain/placed-order.js';

/** An account as orders tells it. Throws a RangeError when the currency is none. */
export function toAccount(payload: AccountPayload): Account {
  return { ...payload, currency: currencyOf(payload.currency) };
}

/** What is shown of a partner, as partners tells it. */
export function toPartner(payload: PartnerPayload): Partner {
  const { id, name, kind, contactEmail, distributorId } = payload;
  return { id, name, kind, contactEmail, distributorId };
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
    charges: payload.charges.map(toLine),
    total: toMoney(payload.total),
  };
}

function toAction(action: OrderPayload['actions'][number]): OrderedAction {
  return { ...action, change: actionFromContract(action.change) };
}

function toLine(charge: OrderPayload['charges'][number]): BilledLine {
  const { tax } = charge;
  return {
    ...charge,
    serviceStart: localDate(charge.serviceStart),
    serviceEnd: localDate(charge.serviceEnd),
    amount: toMoney(charge.amount),
    tax: { ...tax, reason: taxReasonOf(tax.reason), amount: toMoney(tax.amount) },
  };
}

function taxReasonOf(text: string): TaxReason {
  const reason = taxReasons.find((known) => known === text);
  if (reason === undefined) throw new RangeError(`Not a reason of tax: ${text}`);
  return reason;
}

function toMoney({ minor, currency }: OrderPayload['total']): Money {
  return money(BigInt(minor), currencyOf(currency));
}

function currencyOf(code: string): CurrencyCode {
  if (!isCurrency(code)) throw new RangeError(`Not a currency: ${code}`);
  return code;
}
