import { type Agreement, planOf, sameItem } from '@fulfillment/kernel/domain/agreement/agreement';
import { type AgreementLine, periodLines } from '@fulfillment/kernel/domain/agreement/lines';
import { prorationPolicies } from '@fulfillment/kernel/domain/billing/proration';
import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { isEmptyPeriod, type LocalPeriod } from '@fulfillment/kernel/domain/period';
import type { SubscriptionVersion } from '../subscription.js';

/** Days on which the plan is charged by one agreement. */
interface ChargedDays extends LocalPeriod {
  readonly agreement: Agreement;
}

/**
 * What seats cost that were used beyond those agreed, for all days of a period on which the plan was charged, each at the price that
 * was agreed for it, in the lines that the bills of these days would have had. On days on which more seats were agreed than at the end,
 * the difference was paid for already, so no seat is billed twice for a day.
 * @param seats the overage
 * @param agreed the seats agreed at the end of the period
 */
export function trueUpLines(
  history: readonly SubscriptionVersion[],
  period: LocalPeriod,
  { seats, agreed }: { readonly seats: number; readonly agreed: number },
): AgreementLine[] {
  const parts = chargedDays(history).flatMap(({ agreement, ...days }) => {
    const within = { start: later(days.start, period.start), end: earlier(days.end, period.end) };
    const plan = planOf(agreement.items);
    const quantity = Math.min(seats, agreed + seats - plan.quantity);
    if (quantity <= 0 || isEmptyPeriod(within)) return [];
    return [{ ...within, agreement: { ...agreement, items: [{ ...plan, quantity }] } }];
  });
  return joined(parts).flatMap(({ agreement, start, end }) => periodLines(agreement, { start, end }));
}

/** The days for which each version is charged, in their order. */
function chargedDays(history: readonly SubscriptionVersion[]): ChargedDays[] {
  const versions = history.toSorted((left, right) => left.version - right.version);
  return versions
    .flatMap((version, index) => {
      const { agreement } = version;
      if (agreement.trial) return [];
      const next = versions.slice(index + 1).map((one, at) => firstChargedDay(versions[index + at], one));
      const start = later(firstChargedDay(versions[index - 1], version), agreement.term.startDate);
      const end = [...stopsOf(agreement), ...next].reduce(earlier, agreement.term.endDate);
      return isEmptyPeriod({ start, end }) ? [] : [{ start, end, agreement }];
    })
    .toSorted((left, right) => compareDates(left.start, right.start));
}

/** The day after the day of a change where the policy counts that as used; the first day of a term is always charged. */
function firstChargedDay(
  before: SubscriptionVersion | undefined,
  { effectiveOn, agreement: { term } }: SubscriptionVersion,
): LocalDate {
  if (before === undefined || before.agreement.trial) return effectiveOn;
  const beginsTerm = term.startDate === effectiveOn && before.agreement.term.startDate !== effectiveOn;
  const policy = prorationPolicies[before.agreement.billing.policy];
  return beginsTerm ? effectiveOn : policy.effectiveFrom(effectiveOn);
}

function stopsOf({ suspendedOn, canceledOn, billing }: Agreement): LocalDate[] {
  const policy = prorationPolicies[billing.policy];
  return [suspendedOn, canceledOn].filter((day) => day !== null).map((day) => policy.effectiveFrom(day));
}

/** Days that follow each other at the same terms are one piece: each line is rounded once. */
function joined(parts: readonly ChargedDays[]): ChargedDays[] {
  const all: ChargedDays[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (last !== undefined && last.end === part.start && costAlike(last.agreement, part.agreement)) {
      all[all.length - 1] = { ...last, end: part.end };
    } else {
      all.push(part);
    }
  }
  return all;
}

function costAlike(left: Agreement, right: Agreement): boolean {
  return (
    sameItem(planOf(left.items), planOf(right.items)) &&
    left.billing.period === right.billing.period &&
    left.billing.anchor === right.billing.anchor &&
    left.billing.policy === right.billing.policy
  );
}

function later(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) >= 0 ? left : right;
}

function earlier(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) <= 0 ? left : right;
}
