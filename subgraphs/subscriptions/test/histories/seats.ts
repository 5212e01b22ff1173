import { type Agreement, endOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { ReconciliationMode } from '../../src/domain/reconciliation/mode.js';
import { type Reconciliation, reconcile } from '../../src/domain/reconciliation/reconcile.js';
import {
  reconciliationDays,
  type SeatUsage,
  unreported,
} from '../../src/domain/reconciliation/seat-usage.js';
import { nextVersion, type SubscriptionVersion } from '../../src/domain/subscription.js';
import { subscriptionId } from './preview.js';

/** So many billable users there were on a day, as it was told then or later. */
export interface SeatReport {
  readonly day: LocalDate;
  readonly users: number;
}

/** What a day of reconciliation came to. */
export interface Settlement {
  readonly usage: SeatUsage;
  readonly due: LocalDate;
  readonly on: LocalDate;
  /** What was told of the term's days by then. */
  readonly reports: readonly SeatReport[];
  /** What it was judged by. */
  readonly before: readonly SubscriptionVersion[];
  readonly outcome: Reconciliation | null;
  /** What another run at the same moment comes to. */
  readonly again: Reconciliation | null;
}

/** What was previewed for a day to come. */
export interface SeatPreview {
  readonly usage: SeatUsage;
  readonly due: LocalDate;
  readonly head: SubscriptionVersion;
  readonly outcome: Reconciliation | null;
}

/** The use of the term that an agreement stands in, as licenses would tell it by these reports. */
export function usageOf({ term, canceledOn }: Agreement, reports: readonly SeatReport[]): SeatUsage {
  const usage = unreported(subscriptionId, { start: term.startDate, end: endOf({ term, canceledOn }) });
  const quarters = usage.quarters.map((quarter) => ({
    ...quarter,
    maximum: highest(reports.filter(({ day }) => day >= quarter.start && day < quarter.end)),
  }));
  const maximum = Math.max(0, ...quarters.map((quarter) => quarter.maximum));
  return { ...usage, used: reports.at(-1)?.users ?? 0, maximum, quarters };
}

function highest(reports: readonly SeatReport[]): number {
  return Math.max(0, ...reports.map(({ users }) => users));
}

/** The last version of every term of a history. */
export function termsOf(versions: readonly SubscriptionVersion[]): SubscriptionVersion[] {
  const last = new Map(versions.map((version) => [version.agreement.term.startDate, version]));
  return [...last.values()];
}

/** The days of reconciliation of a term from the one after `after` until `until`. */
export function dueDays(usage: SeatUsage, after: LocalDate | null, until: LocalDate): LocalDate[] {
  return reconciliationDays(usage).filter(
    (day) => (after === null || compareDates(day, after) > 0) && compareDates(day, until) <= 0,
  );
}

export interface Settling {
  readonly mode: ReconciliationMode;
  readonly usage: SeatUsage;
  readonly reports: readonly SeatReport[];
  readonly due: LocalDate;
  readonly on: LocalDate;
  readonly at: Date;
}

/** Settles a day as the service does; the second value is the version that holds from then on, if there is a new one. */
export function settle(
  versions: readonly SubscriptionVersion[],
  head: SubscriptionVersion,
  { mode, usage, reports, due, on, at }: Settling,
): { readonly settlement: Settlement; readonly version: SubscriptionVersion | null } {
  const outcome = reconcile({ mode, usage, history: versions, due, on });
  const origin = {
    cause: 'RECONCILIATION' as const,
    orderId: null,
    recordedBy: 'system',
    recordedAt: at,
    effectiveOn: on,
  };
  const after = outcome?.after ?? null;
  const version = after === null ? null : nextVersion(head, origin, after);
  const history = version === null ? versions : [...versions, version];
  const again = reconcile({ mode, usage, history, due, on });
  return { settlement: { usage, reports, due, on, before: [...versions], outcome, again }, version };
}
