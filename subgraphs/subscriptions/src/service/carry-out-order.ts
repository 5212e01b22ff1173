import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import { compareDates, type LocalDate, localDateAt, startOfDay } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import type { OrderPayload } from '@fulfillment/schema/events/orders';
import { billingDayOf, type Fulfillment, fulfillOrder, type OrderAccounts } from '../domain/fulfillment.js';
import type { PlacedOrder } from '../domain/placed-order.js';
import { type Refusal, refusalReason } from '../domain/refusal.js';
import { headOf } from '../domain/subscription.js';
import {
  type Continued,
  continueContracts,
  keepContinued,
  scheduleOf,
  tellSubscription,
} from './contracts.js';
import { toPlacedOrder } from './contract-to-domain.js';
import { stepPayload, subscriptionGrants } from './domain-to-contract.js';
import { postOrKeep, takeDrafts } from './drafts.js';
import { type Bill, postablesOf, postAll } from './post-bills.js';
import type { HeldSubscription, StoredSubscription, UnitOfWork } from './ports.js';
import { withRecentOrder } from './recent-orders.js';

/**
 * Carries out an order whose accounts are known, or refuses it; one for a later day is kept until then. An order that was
 * decided before changes nothing.
 */
export async function carryOutOrder(
  work: UnitOfWork,
  payload: OrderPayload,
  accounts: OrderAccounts,
): Promise<void> {
  const order = toPlacedOrder(payload);
  if (await work.orderOutcomes.isDecided(order.id)) return;
  const at = await work.clock.now(order.accountId);
  const { billingTimeZone } = accounts.soldTo;
  if (compareDates(order.effectiveDate, localDateAt(at, billingTimeZone)) > 0) {
    await work.scheduledOrders.keep(payload, startOfDay(order.effectiveDate, billingTimeZone));
    return;
  }
  const through = billingDayOf(order, billingTimeZone);
  const held = await work.subscriptions.lock(changedIds(order));
  const continued = await continueContracts(work, held, () => ({ through, beforeTermEnd: true, at }));
  const subscriptions = new Map(continued.map(({ subscription }) => [subscription.id, subscription]));
  const seatsSettledUntil = await settledUntil(work, held);
  const fulfilled = fulfillOrder(order, { accounts, held: subscriptions, seatsSettledUntil }, at);
  await keepContinued(work, continued, at);
  await work.orderOutcomes.record({
    orderId: order.id,
    outcome: fulfilled.ok ? 'FULFILLED' : 'REFUSED',
    reason: fulfilled.ok ? null : refusalReason(fulfilled.error),
    decidedAt: at,
  });
  const dueBills = continued.flatMap(({ bills }) => bills);
  if (!fulfilled.ok) {
    await refuse(work, order, fulfilled.error, at);
    await postOrKeep(work, dueBills, at);
    return;
  }
  const drafts = await takeDrafts(work, changedIds(order), at);
  await fulfill(work, { order, accounts, continued }, fulfilled.value, at);
  const bills = [...dueBills, orderBill(order, accounts)];
  await postAll(work, [...drafts, ...bills.flatMap((bill) => postablesOf(bill, at))], at);
}

/** Up to which day the seats of subscriptions were charged at the end of a term. */
async function settledUntil(
  { reconciliations }: UnitOfWork,
  held: readonly HeldSubscription[],
): Promise<ReadonlyMap<string, LocalDate>> {
  if (held.length === 0) return new Map();
  const settled = await reconciliations.settled(held.map(({ id }) => id));
  return new Map(
    [...settled].flatMap(([id, days]) => {
      const last = days.findLast(({ kind, seats }) => kind === 'TRUE_UP' && seats > 0);
      return last === undefined ? [] : [[id, last.dueOn]];
    }),
  );
}

interface Carried {
  readonly order: PlacedOrder;
  readonly accounts: OrderAccounts;
  readonly continued: readonly Continued[];
}

/**
 * Grants hold from now by the system's clock, which they are held against, whatever the account's own clock says.
 */
async function fulfill(
  work: UnitOfWork,
  { order, accounts, continued }: Carried,
  { created, changed }: Fulfillment,
  at: Date,
): Promise<void> {
  const today = billingDayOf(order, accounts.soldTo.billingTimeZone);
  const stored = await work.subscriptions.create(created);
  await work.subscriptions.append(changed.map(({ before, versions }) => ({ id: before.id, versions })));
  const standing = [
    ...stored,
    ...changed.flatMap(({ before, versions }) => {
      const held = continued.find(({ subscription }) => subscription.id === before.id);
      return held === undefined ? [] : [withRecentOrder(held.subscription, headOf(versions))];
    }),
  ];
  await work.subscriptions.schedule(
    standing.map(({ id, head }) => scheduleOf(id, { head, billedUntil: billedUntil(head.agreement, today) })),
  );
  const grants = await giveGrants(work, stored);
  await Promise.all([
    ...grants.map((grant) => work.announcements.grantGiven(grant, at)),
    ...standing.map((subscription) => tellSubscription(work, subscription, at)),
    ...stepsOf(order).map((kind) => work.announcements.stepTaken(stepPayload(order.id, kind, at, null), at)),
  ]);
}

/** Whose partners may see what was created. */
async function giveGrants(work: UnitOfWork, stored: readonly StoredSubscription[]): Promise<GrantPayload[]> {
  const from = await work.clock.now(null);
  const grants = stored.flatMap((subscription) => subscriptionGrants(subscription, from));
  for (const grant of grants) await work.grants.put(grant);
  return grants;
}

/** Nothing of a refused order takes effect, and its steps say why. */
async function refuse(work: UnitOfWork, order: PlacedOrder, refusal: Refusal, at: Date): Promise<void> {
  const reason = refusalReason(refusal);
  await Promise.all(
    stepsOf(order).map((kind) => work.announcements.stepTaken(stepPayload(order.id, kind, at, reason), at)),
  );
}

function stepsOf({ actions }: PlacedOrder): Parameters<typeof stepPayload>[1][] {
  const creates = actions.some(({ baseVersion }) => baseVersion === null);
  const changes = actions.some(({ baseVersion }) => baseVersion !== null);
  return [
    ...(creates ? (['SUBSCRIPTION_CREATED'] as const) : []),
    ...(changes ? (['SUBSCRIPTION_CHANGED'] as const) : []),
    'INVOICE_POSTED',
  ];
}

function changedIds({ actions }: PlacedOrder): string[] {
  const ids = actions
    .filter(({ baseVersion }) => baseVersion !== null)
    .map((action) => action.subscriptionId);
  return [...new Set(ids)];
}

/** An order has one invoice owner, so it has one document. */
function orderBill(order: PlacedOrder, { invoiceOwner }: OrderAccounts): Bill {
  return {
    id: derivedId('invoice', order.id, invoiceOwner.id),
    orderId: order.id,
    fellDueOn: null,
    invoiceOwner,
    partnerId: order.partnerId,
    lines: order.charges,
  };
}
