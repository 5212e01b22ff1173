import { actionToContract } from '@fulfillment/kernel/domain/agreement/contract';
import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import type {
  AccountPayload,
  ContactPayload,
  OrderPayload,
  ProductPayload,
} from '@fulfillment/schema/events/orders';
import { moneyToPayload } from '@fulfillment/kernel/domain/money-forms';
import type { Account } from '../domain/account/account.js';
import type { Contact } from '../domain/account/contact.js';
import type { Product } from '../domain/catalog/product.js';
import type { Order, OrderLine } from '../domain/order/order.js';
import type { GrantStore, OrderEvents } from './ports.js';

/** Promises the order as it stands to the other services. */
export async function promiseOrder(
  { events }: { readonly events: OrderEvents },
  order: Order,
  occurredAt: Date,
): Promise<void> {
  await events.append('orders.order', {
    aggregateId: order.id,
    version: order.version,
    occurredAt,
    payload: toOrderPayload(order),
  });
}

/** Promises the account as it stands to the other services. */
export async function promiseAccount(
  { events }: { readonly events: OrderEvents },
  account: Account,
  occurredAt: Date,
): Promise<void> {
  const { id: aggregateId, version } = account;
  const payload = toAccountPayload(account);
  await events.append('orders.account', { aggregateId, version, occurredAt, payload });
}

/** Promises the contact as it stands to the other services. */
export async function promiseContact(
  { events }: { readonly events: OrderEvents },
  contact: Contact,
): Promise<void> {
  const { id: aggregateId, version, since: occurredAt } = contact;
  await events.append('orders.contact', {
    aggregateId,
    version,
    occurredAt,
    payload: toContactPayload(contact),
  });
}

/** Writes a grant that no earlier one replaces, and promises it to the other services. */
export async function promiseGrant(
  { grants, events }: { readonly grants: GrantStore; readonly events: OrderEvents },
  grant: GrantPayload,
  occurredAt: Date,
): Promise<void> {
  const aggregateId = await grants.put(grant);
  await events.append('orders.grant', { aggregateId, version: 1, occurredAt, payload: grant });
}

/** Who besides the account may see an order: the partner who sells, and the distributor behind it. */
export function grantsOf(order: Order, from: Date): GrantPayload[] {
  return [order.partnerId, order.distributorId]
    .filter((partnerId) => partnerId !== null)
    .map((partnerId) => ({
      subject: { kind: 'PARTNER', id: partnerId },
      object: { kind: 'ORDER', id: order.id },
      from: from.toISOString(),
      until: null,
    }));
}

/** Who may see an account: itself. */
export function grantsOfAccount({ id, createdAt }: Account): GrantPayload[] {
  return [
    {
      subject: { kind: 'ACCOUNT', id },
      object: { kind: 'ACCOUNT', id },
      from: createdAt.toISOString(),
      until: null,
    },
  ];
}

export function toAccountPayload(account: Account): AccountPayload {
  const { segment: _, createdAt: __, version: ___, ...facts } = account;
  return facts;
}

export function toContactPayload(contact: Contact): ContactPayload {
  const { id, accountId, name, email, language, role } = contact;
  return { id, accountId, name, email, language, role };
}

export function toProductPayload({ code, name, kind, rank, features }: Product): ProductPayload {
  return { code, name, kind, rank, features: [...features] };
}

export function toOrderPayload(order: Order): OrderPayload {
  const { lines, actions, told: _, refusalReason: __, version: ___, ...facts } = order;
  return {
    ...facts,
    placedAt: order.placedAt.toISOString(),
    actions: actions.map((action) => ({ ...action, change: actionToContract(action.change) })),
    charges: lines.map(toChargePayload),
    total: moneyToPayload(order.total),
  };
}

function toChargePayload(line: OrderLine): OrderPayload['charges'][number] {
  const { position: _, actionPosition: __, actionId: ___, ...charge } = line;
  const tax = { ...line.tax, amount: moneyToPayload(line.tax.amount) };
  return { ...charge, amount: moneyToPayload(line.amount), tax };
}
