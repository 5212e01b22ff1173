import { planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import { type SubscriptionVersion, versionAsOf } from '../subscription.js';
import { type AgreedMode, modeOn, type ReconciliationMode } from './mode.js';

/** What a day of reconciliation came to, once and for all. */
export interface SettledDay {
  readonly dueOn: LocalDate;
  /** The day on which it was done: what was used before it is settled. */
  readonly settledOn: LocalDate;
  /** The seats that were agreed until then, and those that were billed beyond them. */
  readonly agreed: number;
  readonly seats: number;
}

/** Days on which the same was agreed with the same account, and settled alike. */
export interface JudgedDays extends LocalPeriod {
  readonly version: SubscriptionVersion;
  readonly mode: ReconciliationMode;
  /** So many seats the use of these days may have at no cost: those agreed then, or in settlement of it later. */
  readonly covered: number;
}

/** By what days are judged. */
export interface JudgedBy {
  /** Every version of the subscription, in any order. */
  readonly history: readonly SubscriptionVersion[];
  readonly deploymentKind: DeploymentKind;
  /** What was agreed with accounts, in the order in which it was. */
  readonly agreedModes: readonly AgreedMode[];
  /** What the term's days of reconciliation came to. */
  readonly settled: readonly SettledDay[];
}

/**
 * The days of a period that are judged together on its end: those since the present account has the subscription and since
 * reconciliation was last turned on. While it is off, they are those since it was turned off.
 * @param period from the first day of a term up to a day of reconciliation; not empty
 */
export function judgedDays(by: JudgedBy, period: LocalPeriod): JudgedDays[] {
  const all = daysAlike(by, period);
  const last = all.at(-1);
  const isTogether = (days: JudgedDays) =>
    days.version.accountId === last?.version.accountId && (days.mode === 'OFF') === (last.mode === 'OFF');
  const before = all.findLastIndex((days) => !isTogether(days));
  return all.slice(before + 1);
}

function daysAlike(by: JudgedBy, { start, end }: LocalPeriod): JudgedDays[] {
  const { history, deploymentKind, agreedModes, settled } = by;
  const changes = [
    ...history.map(({ effectiveOn }) => effectiveOn),
    ...agreedModes.map(({ from }) => from),
    ...settled.map(({ settledOn }) => settledOn),
  ].filter((day) => compareDates(day, start) > 0 && compareDates(day, end) < 0);
  const starts = [...new Set([start, ...changes])].toSorted(compareDates);
  return starts.flatMap((day, index) => {
    const version = versionAsOf(history, day, null);
    if (version === null) return [];
    const mode = modeOn(day, version, { deploymentKind, agreedModes });
    const covered = coveredOn(day, planOf(version.agreement.items).quantity, settled);
    return [{ start: day, end: starts[index + 1] ?? end, version, mode, covered }];
  });
}

/**
 * What was settled covers the days before it: all that were then agreed, and as many more as were billed. So late reports bring only
 * what goes beyond, and fewer seats later nothing again.
 */
function coveredOn(day: LocalDate, agreed: number, settled: readonly SettledDay[]): number {
  return settled
    .filter(({ settledOn }) => compareDates(settledOn, day) > 0)
    .toSorted((left, right) => compareDates(left.settledOn, right.settledOn))
    .reduce((covered, one) => Math.max(covered, one.agreed) + one.seats, agreed);
}
