import type { OrderPayload } from '@fulfillment/schema/events/orders';
import type { OrderAccounts } from '../domain/fulfillment.js';
import { carryOutOrder } from './carry-out-order.js';
import type { UnitOfWork } from './ports.js';

/** The accounts of an order, as far as they are known; null when one is missing. */
export async function accountsOf(work: UnitOfWork, order: OrderPayload): Promise<OrderAccounts | null> {
  const ids = accountIds(order);
  const known = await work.accounts.find(ids);
  const soldTo = known.get(order.accountId);
  const invoiceOwner = known.get(order.invoiceOwnerAccountId);
  return soldTo && invoiceOwner && ids.every((id) => known.has(id)) ? { soldTo, invoiceOwner, known } : null;
}

/** Takes a placed order in: carries it out, or keeps it until its accounts have arrived. */
export async function receiveOrder(work: UnitOfWork, order: OrderPayload): Promise<void> {
  const accounts = (await accountsOf(work, order)) ?? (await accountsAtLast(work, order));
  if (accounts === null) await work.waitingOrders.keep(order, accountIds(order));
  else await carryOutOrder(work, order, accounts);
}

/** Looks once more under the lock: an account may be arriving in another transaction at this very moment. */
async function accountsAtLast(work: UnitOfWork, order: OrderPayload): Promise<OrderAccounts | null> {
  await work.accounts.lockArrival(accountIds(order));
  return accountsOf(work, order);
}

/** Every account that an order names: who uses it, who pays, and who gets what is given away. */
function accountIds({ accountId, invoiceOwnerAccountId, actions }: OrderPayload): string[] {
  const receivers = actions.flatMap(({ change }) =>
    change.kind === 'TRANSFER_OWNER' ? [change.accountId] : [],
  );
  return [...new Set([accountId, invoiceOwnerAccountId, ...receivers])];
}
