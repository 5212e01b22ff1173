import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { type LocalDate, startOfDay } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { Account } from '../domain/account.js';
import { taxed } from '../domain/billed-line.js';
import { type BillingState, type DueBill, dueWork, type DueThrough, nextDueOn } from '../domain/due-work.js';
import type { SubscriptionVersion } from '../domain/subscription.js';
import { subscriptionPayload } from './domain-to-contract.js';
import { DueWorkError } from './due-work-error.js';
import type { Bill } from './post-bills.js';
import type { BillingSchedule, HeldSubscription, StoredSubscription, UnitOfWork } from './ports.js';

/** A subscription that was brought up to a day. */
export interface Continued {
  readonly subscription: HeldSubscription;
  readonly versions: readonly SubscriptionVersion[];
  readonly bills: readonly Bill[];
}

/**
 * Does for each subscription what its contract does by itself up to a day, in memory: `keepContinued` writes it. The day of
 * each is its account's own.
 */
export async function continueContracts(
  work: UnitOfWork,
  held: readonly HeldSubscription[],
  dayOf: (subscription: HeldSubscription) => DueThrough,
): Promise<Continued[]> {
  const done = held.map((subscription) => {
    try {
      return { subscription, ...dueWork(subscription, dayOf(subscription)) };
    } catch (error) {
      throw new DueWorkError(subscription.id, error);
    }
  });
  const bills = await toBills(
    work,
    done.flatMap(({ subscription, bills: due }) =>
      due.map((bill) => ({ subscriptionId: subscription.id, bill, purpose: 'DUE' as const })),
    ),
  );
  let next = 0;
  return done.map(({ subscription, head, billedUntil, versions, bills: due }) => ({
    subscription: { ...subscription, head, billedUntil },
    versions,
    bills: bills.slice(next, (next += due.length)),
  }));
}

/** Writes new versions and how far everything is billed, and tells of what changed. Bills are posted apart, last. */
export async function keepContinued(
  work: UnitOfWork,
  continued: readonly Continued[],
  at: Date,
): Promise<void> {
  const changed = continued.filter(({ versions }) => versions.length > 0);
  await work.subscriptions.append(
    changed.map(({ subscription, versions }) => ({ id: subscription.id, versions })),
  );
  await work.subscriptions.schedule(
    continued.map(({ subscription }) => scheduleOf(subscription.id, subscription)),
  );
  await Promise.all(changed.map(({ subscription }) => tellSubscription(work, subscription, at)));
}

/** Tells the other services how a subscription stands. */
export async function tellSubscription(
  work: UnitOfWork,
  subscription: StoredSubscription,
  at: Date,
): Promise<void> {
  const { version } = subscription.head;
  await work.announcements.subscriptionChanged(version, subscriptionPayload(subscription), at);
}

/** How far a subscription is billed, and when its next day begins at its account. */
export function scheduleOf(subscriptionId: string, state: BillingState): BillingSchedule {
  const due = nextDueOn(state);
  const { accountId, billingTimeZone } = state.head;
  return {
    subscriptionId,
    accountId,
    billedUntil: state.billedUntil,
    dueAt: due === null ? null : startOfDay(due, billingTimeZone),
  };
}

/** A bill of one subscription, and what it is for: there is one for each purpose, day and version at most. */
export interface PurposeOfBill {
  readonly subscriptionId: string;
  readonly bill: DueBill;
  readonly purpose: 'DUE' | 'SUSPEND' | 'RESUME' | 'QUARTERLY' | 'TRUE_UP';
}

/**
 * Bills with their tax. The same subscription, purpose, day and version always make the same document: none is posted twice. The day
 * alone would not do: a term that an order dated back makes end on a day that was billed already renews on that day.
 */
export async function toBills(work: UnitOfWork, due: readonly PurposeOfBill[]): Promise<Bill[]> {
  const owners = await work.accounts.find([
    ...new Set(due.map(({ bill: { version } }) => version.invoiceOwnerAccountId)),
  ]);
  return Promise.all(due.map((one) => toBill(work, one, owners)));
}

async function toBill(
  work: UnitOfWork,
  { subscriptionId, purpose, bill: { on, lines, version } }: PurposeOfBill,
  owners: ReadonlyMap<string, Account>,
): Promise<Bill> {
  const invoiceOwner = owners.get(version.invoiceOwnerAccountId);
  if (invoiceOwner === undefined) {
    throw new DueWorkError(
      subscriptionId,
      new Error(`Account ${version.invoiceOwnerAccountId} is not known`),
    );
  }
  const rate = await taxRateFor(work, { subscriptionId, invoiceOwner, on });
  return {
    id: derivedId('due-document', subscriptionId, purpose, on, version.version),
    orderId: null,
    fellDueOn: on,
    invoiceOwner,
    partnerId: version.partnerOfRecordId,
    lines: lines.map((line) => taxed(subscriptionId, line, rate)),
  };
}

/**
 * The rate by which what a contract makes due on a day is taxed.
 * @throws DueWorkError when there is none
 */
export async function taxRateFor(
  { taxRates }: Pick<UnitOfWork, 'taxRates'>,
  due: { readonly subscriptionId: string; readonly invoiceOwner: Account; readonly on: LocalDate },
): Promise<TaxRate> {
  const { subscriptionId, invoiceOwner, on } = due;
  const rate = await taxRates.rateFor({
    legalEntityCode: invoiceOwner.legalEntityCode,
    buyerCountryCode: invoiceOwner.countryCode,
    buyerIsBusiness: true,
    taxCategory: 'STANDARD',
    on,
  });
  if (rate.ok) return rate.value;
  throw new DueWorkError(
    subscriptionId,
    new Error(`No tax rate for account ${invoiceOwner.id}: ${rate.error}`),
  );
}
