import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { OrderPayload } from '@fulfillment/schema/events/orders';
import { carryOutOrder } from './carry-out-order.js';
import { continueContracts, keepContinued } from './contracts.js';
import { DueOrderError, DueWorkError } from './due-work-error.js';
import { postOrKeep } from './drafts.js';
import type { HeldSubscription, UnitOfWork } from './ports.js';
import { accountsOf } from './receive-order.js';

/** Whose due work is done: that of all accounts but sandboxes, or that of one sandbox. */
export type DueScope =
  | { readonly kind: 'EVERYBODY'; readonly limit: number }
  | { readonly kind: 'ACCOUNT'; readonly accountId: string };

/**
 * Carries out one order whose day has come. Orders go before what contracts do by themselves on the same day: a renewal that
 * was ordered takes the place of the automatic one.
 * @returns false when none is due
 * @throws DueOrderError when it cannot be carried out
 */
export async function runDueOrder(work: UnitOfWork, scope: DueScope, now: Date): Promise<boolean> {
  const { scheduledOrders } = work;
  const due =
    scope.kind === 'EVERYBODY'
      ? await scheduledOrders.lockDue(now)
      : await scheduledOrders.lockDueOf(scope.accountId, now);
  if (due === null) return false;
  try {
    await scheduledOrders.remove(due.orderId);
    await carryOut(work, due.payload);
  } catch (error) {
    throw new DueOrderError(due.orderId, error);
  }
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
 * @throws DueWorkError when it is known which one cannot be dealt with: always, where it took one alone
 */
export async function runDueSubscriptions(work: UnitOfWork, scope: DueScope, now: Date): Promise<number> {
  const { subscriptions } = work;
  const held =
    scope.kind === 'EVERYBODY'
      ? await subscriptions.lockDue(now, scope.limit)
      : await subscriptions.lockDueOf(scope.accountId, now);
  const [only, ...others] = held;
  try {
    await continueHeld(work, held, now);
  } catch (error) {
    if (error instanceof DueWorkError || only === undefined || others.length > 0) throw error;
    throw new DueWorkError(only.id, error);
  }
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
