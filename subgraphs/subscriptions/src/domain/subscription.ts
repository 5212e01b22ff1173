import { type Agreement, planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { compareDates, type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';

/** What the subscription is for. */
export interface Deployment {
  readonly id: string;
  readonly kind: DeploymentKind;
  readonly externalId: string;
  readonly name: string;
}

export const versionCauses = ['ORDER', 'AUTO_RENEWAL', 'RECONCILIATION', 'DUNNING', 'TRIAL_END'] as const;
export type VersionCause = (typeof versionCauses)[number];

/** Who uses it, who pays, and who sells it. */
export interface Parties {
  readonly accountId: string;
  readonly invoiceOwnerAccountId: string;
  readonly partnerOfRecordId: string | null;
  readonly distributorId: string | null;
}

/** What brings a version about. */
export interface VersionOrigin {
  readonly cause: VersionCause;
  readonly orderId: string | null;
  readonly recordedBy: string;
  readonly recordedAt: Date;
  /** The day from which it holds: from it on, nothing of the earlier versions does. */
  readonly effectiveOn: LocalDate;
}

/** One entry of a subscription's history: what was agreed, when, by whom and why. Never changed. */
export interface SubscriptionVersion extends Parties, VersionOrigin {
  /** From 1, without gaps. */
  readonly version: number;
  /** The account's: its local day decides the status. */
  readonly billingTimeZone: string;
  readonly agreement: Agreement;
}

/** What never changes of a subscription. */
export interface SubscriptionIdentity {
  readonly id: string;
  /** For people: S-00001234. */
  readonly number: string;
  readonly deployment: Deployment;
  readonly currency: CurrencyCode;
}

/** A subscription that an order creates; its number is given when it is stored. */
export interface NewSubscription extends Omit<SubscriptionIdentity, 'number'> {
  /** Its first version, and those that further actions of the same order made of it. */
  readonly versions: readonly [SubscriptionVersion, ...SubscriptionVersion[]];
}

/** A subscription as it stands: its head is the newest version of its history. */
export interface BillingSubscription extends SubscriptionIdentity {
  readonly head: SubscriptionVersion;
}

/** The head of a history, in whatever order the versions come. Throws a RangeError when there is none. */
export function headOf(history: readonly SubscriptionVersion[]): SubscriptionVersion {
  const [first, ...others] = history;
  if (first === undefined) throw new RangeError('A subscription has at least one version');
  return others.reduce((newest, version) => (version.version > newest.version ? version : newest), first);
}

/** The version that comes after another one. */
export function nextVersion(
  before: SubscriptionVersion,
  origin: VersionOrigin,
  agreement: Agreement,
  parties: Partial<Parties> = {},
): SubscriptionVersion {
  return { ...before, ...parties, ...origin, version: before.version + 1, agreement };
}

/**
 * What held on a day, as it was known at an instant: the newest of the versions that were recorded by then and hold from that
 * day or an earlier one. Each version supersedes everything before it from its own first day on.
 */
export function versionAsOf(
  history: readonly SubscriptionVersion[],
  effectiveOn: LocalDate,
  recordedBy: Date | null,
): SubscriptionVersion | null {
  const known = history.filter(
    (version) =>
      compareDates(version.effectiveOn, effectiveOn) <= 0 &&
      (recordedBy === null || version.recordedAt.getTime() <= recordedBy.getTime()),
  );
  return known.length === 0 ? null : headOf(known);
}

/**
 * The day from which the account of the newest version has a subscription. A version that is dated back supersedes what was before it,
 * also what another account had.
 * @param earlier since when the account of the version before had it; null for the first version
 */
export function heldSince(
  head: SubscriptionVersion,
  earlier: { readonly accountId: string; readonly heldSince: LocalDate } | null,
): LocalDate {
  const { effectiveOn } = head;
  if (earlier === null || earlier.accountId !== head.accountId) return effectiveOn;
  return compareDates(effectiveOn, earlier.heldSince) < 0 ? effectiveOn : earlier.heldSince;
}

/** As `heldSince`, by a whole history in the order of its versions. */
export function heldSinceOf([first, ...others]: readonly [
  SubscriptionVersion,
  ...SubscriptionVersion[],
]): LocalDate {
  const since = { accountId: first.accountId, heldSince: first.effectiveOn };
  return others.reduce(
    (earlier, head) => ({ accountId: head.accountId, heldSince: heldSince(head, earlier) }),
    since,
  ).heldSince;
}

/** True when a version was recorded on a later day, by the account's calendar, than the one from which it holds. */
export function isBackdated({ recordedAt, effectiveOn, billingTimeZone }: SubscriptionVersion): boolean {
  return compareDates(effectiveOn, localDateAt(recordedAt, billingTimeZone)) < 0;
}

/** The plan of a version, with its seats. */
export function planOfVersion({
  agreement,
}: Pick<SubscriptionVersion, 'agreement'>): Agreement['items'][number] {
  return planOf(agreement.items);
}

/** True when a partner pays and not the account that uses it. */
export function isPartnerSale(parties: Pick<Parties, 'accountId' | 'invoiceOwnerAccountId'>): boolean {
  return parties.accountId !== parties.invoiceOwnerAccountId;
}

/** The number of a subscription for people. */
export function subscriptionNumber(sequence: bigint): string {
  return `S-${sequence.toString().padStart(8, '0')}`;
}
