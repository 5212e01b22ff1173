import { compareDates, type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { Agreement } from './subscription.js';

export const subscriptionStatuses = ['TRIAL', 'FUTURE', 'ACTIVE', 'LAPSED', 'CANCELED'] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/** The facts that a status follows from. */
export type StatusFacts = Pick<Agreement, 'term' | 'trial' | 'canceledOn'>;

interface StatusRule {
  readonly status: SubscriptionStatus;
  readonly holds: (facts: StatusFacts, today: LocalDate) => boolean;
}

/**
 * The one table of how a subscription stands: the first rule that holds decides. A cancellation for the day on which the
 * term ends anyway only keeps it from being renewed, so it lapses.
 */
const statusTable: readonly StatusRule[] = [
  {
    status: 'CANCELED',
    holds: ({ canceledOn, term }, today) =>
      canceledOn !== null && isBefore(canceledOn, term.endDate) && !isBefore(today, canceledOn),
  },
  { status: 'FUTURE', holds: ({ term }, today) => isBefore(today, term.startDate) },
  { status: 'LAPSED', holds: ({ term }, today) => !isBefore(today, term.endDate) },
  { status: 'TRIAL', holds: ({ trial }) => trial },
  { status: 'ACTIVE', holds: () => true },
];

/** How a subscription stands on a day of its account. */
export function statusOn(facts: StatusFacts, today: LocalDate): SubscriptionStatus {
  const rule = statusTable.find(({ holds }) => holds(facts, today));
  if (rule === undefined) throw new Error('The last rule of the table always holds');
  return rule.status;
}

/** How a subscription stands at an instant: what counts is the day that it then is at the account. */
export function statusAt(
  facts: StatusFacts & Pick<Agreement, 'billingTimeZone'>,
  instant: Date,
): SubscriptionStatus {
  return statusOn(facts, localDateAt(instant, facts.billingTimeZone));
}

function isBefore(left: LocalDate, right: LocalDate): boolean {
  return compareDates(left, right) < 0;
}
