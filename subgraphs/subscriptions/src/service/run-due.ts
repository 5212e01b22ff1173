import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { OrderPayload } from '@fulfillment/schema/events/orders';
import { carryOutOrder } from './carry-out-order.js';
import { continueContracts, keepContinued } from './contracts.js';
import { postOrKeep } from './drafts.js';
import type { DueScope } from './due-work-ports.js';
import type { HeldSubscription, UnitOfWork } from './ports.js';
import { accountsOf } from './receive-order.js';

/**
 * Carries out one order whose day has come. Orders go before what contracts do by themselves on the same day: a renewal that
 * was ordered takes the place of the automatic one.
 * @returns false when none is due
 */
export async function runDueOrder(work: UnitOfWork, scope: DueScope, now: Date): Promise<boolean> {
  const { scheduledOrders } = work;
  const [due] = await scheduledOrders.lockDue(
    scope.kind === 'EVERYBODY' ? { ...scope, limit: 1 } : scope,
    now,
  );
  if (due === undefined) return false;
  await scheduledOrders.remove(due.orderId);
  await carryOut(work, due.payload);
  return true;
}

async function carryOut(work: UnitOfWork, order: OrderPayload): Promise<void> {
  const accounts = await accountsOf(work, order);
  if (accounts === null) throw new Error(`An account of order ${order.id} is not known any more`);
  await carryOutOrder(work, order, accounts);
}

/**
 * Bills, renews, converts and ends the subscriptions for which something is due, a batch at a time.
 * @returns how many subscriptions it dealt with; 0 when nothing is due
 */
export async function runDueSubscriptions(work: UnitOfWork, scope: DueScope, now: Date): Promise<number> {
  const held = await work.subscriptions.lockDue(scope, now);
  await continueHeld(work, held, now);
  return held.length;
}

async function continueHeld(work: UnitOfWork, held: readonly HeldSubscription[], now: Date): Promise<void> {
  const continued = await continueContracts(work, held, (subscription) => dayAt(subscription, now));
  await keepContinued(work, continued, now);
  await postOrKeep(
    work,
    continued.flatMap(({ bills }) => bills),
    now,
  );
}

function dayAt({ head }: HeldSubscription, at: Date) {
  return { through: localDateAt(at, head.billingTimeZone), beforeTermEnd: false, at };
}
