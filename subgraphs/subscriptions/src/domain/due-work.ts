import { type Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { billedUntil, nextBillingPeriod } from '@fulfillment/kernel/domain/agreement/billed';
import { continued, termEndOf } from '@fulfillment/kernel/domain/agreement/due';
import { type AgreementLine, changeLines, periodLines } from '@fulfillment/kernel/domain/agreement/lines';
import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import { nextVersion, type SubscriptionVersion, type VersionCause } from './subscription.js';

/** A bill that fell due: the lines of one subscription, demanded on one day. */
export interface DueBill {
  readonly on: LocalDate;
  readonly lines: readonly AgreementLine[];
  /** The version under which it is charged. */
  readonly version: SubscriptionVersion;
}

/** Where a subscription stands between what was agreed and what was billed. */
export interface BillingState {
  readonly head: SubscriptionVersion;
  /** The first day that is not billed yet. */
  readonly billedUntil: LocalDate;
}

/** What fell due for one subscription up to a day. */
export interface DueWork extends BillingState {
  readonly versions: readonly SubscriptionVersion[];
  readonly bills: readonly DueBill[];
}

/** How far to go: with `beforeTermEnd`, what a term does on that very day is left to an order for the same day. */
export interface DueThrough {
  readonly through: LocalDate;
  readonly beforeTermEnd: boolean;
  /** When new versions are recorded. */
  readonly at: Date;
}

/**
 * Does what a contract does by itself, day by day in order, up to a day: it bills each period on its first day, and at the
 * end of a term renews, converts a trial or ends it. Doing it again from the outcome comes to nothing.
 */
export function dueWork(state: BillingState, day: DueThrough): DueWork {
  const versions: SubscriptionVersion[] = [];
  const bills: DueBill[] = [];
  let now = state;
  for (;;) {
    const due = nextDue(now);
    if (due === null || !isWithin(due, day)) return { ...now, versions, bills };
    const { version, bill, ...next } =
      due.kind === 'BILL' ? billPeriod(now, due.period) : endTerm(now, due.on, day.at);
    if (version !== null) versions.push(version);
    if (bill.lines.length > 0) bills.push(bill);
    now = next;
  }
}

/** What one due day brings: a bill, and at the end of a term a version. */
interface Step extends BillingState {
  readonly version: SubscriptionVersion | null;
  readonly bill: DueBill;
}

function billPeriod({ head }: BillingState, period: LocalPeriod): Step {
  const lines = periodLines(head.agreement, period);
  return { head, billedUntil: period.end, version: null, bill: { on: period.start, lines, version: head } };
}

/** The end of a term makes a version: the next term, or the recorded end of a trial. */
function endTerm({ head }: BillingState, on: LocalDate, at: Date): Step {
  const { agreement } = head;
  const cause: VersionCause = agreement.trial ? 'TRIAL_END' : 'AUTO_RENEWAL';
  const origin = { cause, orderId: null, recordedBy: 'system', recordedAt: at, effectiveOn: on };
  const next = continued(agreement, on);
  const version = nextVersion(head, origin, next.ok ? next.value : { ...agreement, canceledOn: on });
  const lines = changeLines({ before: agreement, after: version.agreement, on, today: on });
  return {
    head: version,
    billedUntil: billedUntil(version.agreement, on),
    version,
    bill: { on, lines, version },
  };
}

/** The next day on which something falls due by itself; null when nothing ever does. */
export function nextDueOn(state: BillingState): LocalDate | null {
  return nextDue(state)?.on ?? null;
}

type Due =
  | { readonly kind: 'BILL'; readonly on: LocalDate; readonly period: LocalPeriod }
  | { readonly kind: 'TERM_END'; readonly on: LocalDate };

function nextDue({ head: { agreement }, billedUntil: billed }: BillingState): Due | null {
  const period = nextBillingPeriod(agreement, billed);
  if (period !== null) return { kind: 'BILL', on: period.start, period };
  return isOpenEnded(agreement) ? { kind: 'TERM_END', on: agreement.term.endDate } : null;
}

/** True while the end of the term will change something: a renewal, a conversion, or the recorded end of a trial. */
function isOpenEnded(agreement: Agreement): boolean {
  return termEndOf(agreement) !== 'ENDS' || (agreement.trial && agreement.canceledOn === null);
}

function isWithin(due: Due, { through, beforeTermEnd }: DueThrough): boolean {
  const order = compareDates(due.on, through);
  return order < 0 || (order === 0 && !(beforeTermEnd && due.kind === 'TERM_END'));
}
