import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { addDays, compareDates, type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';

export const subscriptionStatuses = [
  'TRIAL',
  'FUTURE',
  'ACTIVE',
  'SUSPENDED',
  'GRACE',
  'LAPSED',
  'CANCELED',
] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/** Days after the end of a paid term in which it can still be renewed without a gap. */
export const graceDays = 14;

/** The facts that a status follows from. */
export type StatusFacts = Pick<Agreement, 'term' | 'trial' | 'canceledOn' | 'suspendedOn'>;

interface StatusRule {
  readonly status: SubscriptionStatus;
  readonly holds: (facts: StatusFacts, today: LocalDate) => boolean;
}

/**
 * The one table of how a subscription stands: the first rule that holds decides. A cancellation for the day on which the
 * term ends anyway only keeps it from being renewed, so it lapses, without grace; so does what is suspended then.
 */
const statusTable: readonly StatusRule[] = [
  {
    status: 'CANCELED',
    holds: ({ canceledOn, term }, today) =>
      canceledOn !== null && isBefore(canceledOn, term.endDate) && !isBefore(today, canceledOn),
  },
  { status: 'FUTURE', holds: ({ term }, today) => isBefore(today, term.startDate) },
  {
    status: 'GRACE',
    holds: ({ term, trial, canceledOn, suspendedOn }, today) =>
      !trial &&
      canceledOn === null &&
      suspendedOn === null &&
      !isBefore(today, term.endDate) &&
      isBefore(today, addDays(term.endDate, graceDays)),
  },
  { status: 'LAPSED', holds: ({ term }, today) => !isBefore(today, term.endDate) },
  {
    status: 'SUSPENDED',
    holds: ({ suspendedOn }, today) => suspendedOn !== null && !isBefore(today, suspendedOn),
  },
  { status: 'TRIAL', holds: ({ trial }) => trial },
  { status: 'ACTIVE', holds: () => true },
];

/** How a subscription stands on a day of its account. */
export function statusOn(facts: StatusFacts, today: LocalDate): SubscriptionStatus {
  const rule = statusTable.find(({ holds }) => holds(facts, today));
  if (rule === undefined) throw new Error('The last rule of the table always holds');
  return rule.status;
}

/** How a version stands at an instant: what counts is the day that it then is at the account. */
export function statusAt(
  { agreement, billingTimeZone }: { readonly agreement: StatusFacts; readonly billingTimeZone: string },
  instant: Date,
): SubscriptionStatus {
  return statusOn(agreement, localDateAt(instant, billingTimeZone));
}

function isBefore(left: LocalDate, right: LocalDate): boolean {
  return compareDates(left, right) < 0;
}
