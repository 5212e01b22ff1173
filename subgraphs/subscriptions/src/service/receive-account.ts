import type { AccountPayload } from '@fulfillment/schema/events/orders';
import { carryOutOrder } from './carry-out-order.js';
import { toAccount } from './contract-to-domain.js';
import type { UnitOfWork } from './ports.js';
import { accountsOf } from './receive-order.js';
import { startTestClock } from './test-clock.js';

/** Takes an account in, and carries out the orders that waited for it and for nothing else. */
export async function receiveAccount(work: UnitOfWork, payload: AccountPayload): Promise<void> {
  await work.accounts.lockArrival([payload.id]);
  await work.accounts.put(toAccount(payload));
  if (payload.sandbox) await startTestClock(work, payload.id);
  for (const order of await work.waitingOrders.lockFor(payload.id)) {
    const accounts = await accountsOf(work, order);
    if (accounts === null) continue;
    await work.waitingOrders.remove(order.id);
    await carryOutOrder(work, order, accounts);
  }
}
