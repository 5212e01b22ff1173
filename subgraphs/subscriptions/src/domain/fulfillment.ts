import { applyAction } from '@fulfillment/kernel/domain/agreement/actions/index';
import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import { changeLines } from '@fulfillment/kernel/domain/agreement/lines';
import { compareDates, type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { Account } from './account.js';
import type { BillingState } from './due-work.js';
import type { OrderedAction, PlacedOrder } from './placed-order.js';
import { type ExpectedLine, priceDifference } from './price-check.js';
import type { Refusal } from './refusal.js';
import {
  type BillingSubscription,
  type NewSubscription,
  nextVersion,
  type Parties,
  type SubscriptionVersion,
} from './subscription.js';

/** The accounts of an order: who uses it, who pays (the same unless a partner sells), and who gets what is given away. */
export interface OrderAccounts {
  readonly soldTo: Account;
  readonly invoiceOwner: Account;
  readonly known: ReadonlyMap<string, Account>;
}

/** A subscription that an order changes, and how far it is billed. */
export type HeldContract = BillingSubscription & BillingState;

/** What an order is carried out on. */
export interface FulfillmentFacts {
  readonly accounts: OrderAccounts;
  /** The subscriptions that it changes, billed and renewed up to the order's day. */
  readonly held: ReadonlyMap<string, HeldContract>;
  /** Of those whose seats were charged at the end of a term, the day up to which they were. */
  readonly seatsSettledUntil: ReadonlyMap<string, LocalDate>;
}

/** The new versions of one subscription. */
export interface ChangedSubscription {
  readonly before: BillingSubscription;
  readonly versions: readonly [SubscriptionVersion, ...SubscriptionVersion[]];
}

/** What an order comes to. Its lines are the order's own: they were held against what its actions come to. */
export interface Fulfillment {
  readonly created: readonly NewSubscription[];
  readonly changed: readonly ChangedSubscription[];
}

/** The day by which the bills of an order reckon: the order's own day, or the day on which it was dated back. */
export function billingDayOf({ effectiveDate, placedAt }: PlacedOrder, billingTimeZone: string): LocalDate {
  const placedOn = localDateAt(placedAt, billingTimeZone);
  return compareDates(placedOn, effectiveDate) > 0 ? placedOn : effectiveDate;
}

/**
 * Carries out an order: the new versions of its subscriptions. Nothing but the arguments decides, so doing it again gives the
 * same. All of it can be done, or nothing is.
 * @param at the instant at which the versions are recorded
 */
export function fulfillOrder(
  order: PlacedOrder,
  facts: FulfillmentFacts,
  at: Date,
): Result<Fulfillment, Refusal> {
  const { invoiceOwner, soldTo } = facts.accounts;
  if (order.currency !== invoiceOwner.currency) {
    const message = `The order is in ${order.currency}; the account that pays has ${invoiceOwner.currency}.`;
    return err({ code: 'CURRENCY_MISMATCH', message });
  }
  const today = billingDayOf(order, soldTo.billingTimeZone);
  const versions = new Map<string, SubscriptionVersion[]>();
  const expected: ExpectedLine[] = [];
  for (const action of order.actions.toSorted((left, right) => left.position - right.position)) {
    const done = carryOut(action, versions.get(action.subscriptionId) ?? [], { order, facts, at, today });
    if (!done.ok) return done;
    versions.set(action.subscriptionId, [...(versions.get(action.subscriptionId) ?? []), done.value.version]);
    expected.push(...done.value.lines);
  }
  const difference = priceDifference(order, expected);
  if (difference !== null) return err({ code: 'PRICE_CHANGED', message: difference });
  return ok(collect(order, facts, versions));
}

interface Setting {
  readonly order: PlacedOrder;
  readonly facts: FulfillmentFacts;
  readonly at: Date;
  readonly today: LocalDate;
}

interface CarriedOut {
  readonly version: SubscriptionVersion;
  readonly lines: readonly ExpectedLine[];
}

/** @param made the versions that earlier actions of the order made of the same subscription */
function carryOut(
  action: OrderedAction,
  made: readonly SubscriptionVersion[],
  setting: Setting,
): Result<CarriedOut, Refusal> {
  const { order, facts, at, today } = setting;
  const held = facts.held.get(action.subscriptionId);
  const before = made.at(-1) ?? held?.head ?? null;
  const refused = staleness(action, held, setting) ?? foreignReceiver(action, setting);
  if (refused !== null) return err(refused);
  const on = order.effectiveDate;
  const after = applyAction(before?.agreement ?? null, action.change, on);
  if (!after.ok) return err({ code: after.error.code, message: after.error.message });
  const origin = {
    cause: 'ORDER' as const,
    orderId: order.id,
    recordedBy: order.placedBy,
    recordedAt: at,
    effectiveOn: on,
  };
  const version =
    before === null
      ? {
          ...partiesOf(order),
          ...origin,
          version: 1,
          billingTimeZone: facts.accounts.soldTo.billingTimeZone,
          agreement: after.value,
        }
      : nextVersion(before, origin, after.value, newParties(action, facts));
  const lines = changeLines({ before: before?.agreement ?? null, after: after.value, on, today });
  return ok({ version, lines: lines.map((line) => ({ ...line, subscriptionId: action.subscriptionId })) });
}

/**
 * Why an action meets another subscription than the one that it was priced on: it has a newer version, or one that begins after
 * the order's day, or was billed beyond the order's day before the order came, or its seats were charged for days that the order
 * would change: they would be billed twice for them, or at a price that was not agreed.
 */
function staleness(
  { baseVersion, subscriptionId }: OrderedAction,
  held: HeldContract | undefined,
  { order, facts, today }: Setting,
): Refusal | null {
  if (baseVersion === null || held === undefined) {
    return baseVersion === null && held === undefined
      ? null
      : {
          code: 'SUBSCRIPTION_NOT_FOUND',
          message: `There is no subscription ${subscriptionId} to be changed.`,
        };
  }
  const changed = (message: string): Refusal => ({ code: 'SUBSCRIPTION_CHANGED', message });
  const { number, head } = held;
  if (head.version !== baseVersion) {
    return changed(
      `${number} was priced at version ${baseVersion} and is at version ${head.version}: order again.`,
    );
  }
  if (compareDates(order.effectiveDate, head.effectiveOn) < 0) {
    return changed(
      `${number} was changed as of ${head.effectiveOn}: date the order from that day, and order again.`,
    );
  }
  const settledUntil = facts.seatsSettledUntil.get(subscriptionId);
  if (settledUntil !== undefined && compareDates(order.effectiveDate, settledUntil) < 0) {
    return changed(
      `Seats of ${number} that were used up to ${settledUntil} are charged: date the order from that day, and order again.`,
    );
  }
  const known = billedUntil(head.agreement, today);
  if (compareDates(held.billedUntil, known) <= 0) return null;
  return changed(
    `${number} was priced when it was billed up to ${known}, and is billed up to ${held.billedUntil}: order again.`,
  );
}

/** Why a subscription cannot be given to an account: it pays in another currency. */
function foreignReceiver({ change }: OrderedAction, { order, facts }: Setting): Refusal | null {
  if (change.kind !== 'TRANSFER_OWNER') return null;
  const receiver = facts.accounts.known.get(change.accountId);
  if (receiver === undefined || receiver.currency === order.currency) return null;
  const message = `The subscription is in ${order.currency}; the account that is to have it has ${receiver.currency}.`;
  return { code: 'CURRENCY_MISMATCH', message };
}

function partiesOf({ accountId, invoiceOwnerAccountId, partnerId, distributorId }: PlacedOrder): Parties {
  return { accountId, invoiceOwnerAccountId, partnerOfRecordId: partnerId, distributorId };
}

/** Who has it after an action: a transfer gives it to an account that from then on also pays. */
function newParties(
  { change }: OrderedAction,
  { accounts }: FulfillmentFacts,
): Partial<Parties & Pick<SubscriptionVersion, 'billingTimeZone'>> {
  if (change.kind !== 'TRANSFER_OWNER') return {};
  const account = accounts.known.get(change.accountId);
  return {
    accountId: change.accountId,
    invoiceOwnerAccountId: change.accountId,
    ...(account === undefined ? {} : { billingTimeZone: account.billingTimeZone }),
  };
}

function collect(
  order: PlacedOrder,
  { held }: FulfillmentFacts,
  versions: ReadonlyMap<string, readonly SubscriptionVersion[]>,
): Fulfillment {
  const created: NewSubscription[] = [];
  const changed: ChangedSubscription[] = [];
  for (const [id, [first, ...others]] of versions) {
    if (first === undefined) continue;
    const before = held.get(id);
    const deployment = order.actions.find((action) => action.subscriptionId === id)?.deployment ?? null;
    if (before !== undefined) changed.push({ before, versions: [first, ...others] });
    else if (deployment !== null)
      created.push({ id, deployment, currency: order.currency, versions: [first, ...others] });
  }
  return { created, changed };
}
