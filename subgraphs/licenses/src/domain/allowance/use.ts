import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { MeteredAllowanceFacts } from '../entitlements/features/metered-allowance.js';
import { refusal, type Refusal } from '../refusal.js';
import { monthStart } from './ledger.js';
import { countedBy, goesBack, partStart, type MeterReading } from './readings.js';
import type { UsedAllowance } from './used-allowance.js';

/** The meter of what is used through `consumeAllowance`: the service counts itself. */
export const ownMeter = 'consumed';

/**
 * The reading of the service's own meter after an amount more was used.
 * Refuses an amount that is more than what is left where the plan does not let the allowance be exceeded, and an allowance that
 * the deployment does not have now.
 */
export function consumption(
  { facts, isGone, readings, ends }: UsedAllowance,
  amount: number,
  at: Date,
): Result<MeterReading, Refusal> {
  if (isGone) return err(refusal('FEATURE_NOT_FOUND', ['featureKey']));
  if (amount > facts.remaining && !facts.overageAllowed) {
    const message = `${amount} is more than the ${facts.remaining} that are left until ${facts.resetsOn}: use less, or buy more.`;
    return err(refusal('ALLOWANCE_EXCEEDED', ['amount'], message));
  }
  const month = monthStart(at);
  const total = countedBy(readings, ownMeter, month) + amount;
  return ok({
    source: ownMeter,
    month,
    from: partStart(ends, at),
    measuredAt: at,
    total,
    quota: facts.quota,
  });
}

/** How late a meter may be told of. */
const latestDays = 90;
const dayMilliseconds = 24 * 60 * 60 * 1000;

/** So many meters count one allowance in a month at the most: every one of them is read with each answer. */
const mostMeters = 1_000;

/** What a meter said. */
export interface Report {
  readonly source: string;
  readonly measuredAt: Date;
  readonly used: number;
}

/**
 * The reading of a meter. It counts in the month in which it was measured, though the allowance be gone by now: what was used while
 * it stood was used of it.
 * Refuses what lies ahead, is too old, would have the meter count backwards, is of one meter too many, or of an allowance that the
 * deployment had neither then nor has now.
 */
export function reported(
  allowance: UsedAllowance,
  { source, measuredAt, used }: Report,
  at: Date,
): Result<MeterReading, Refusal> {
  const { readings, ends } = allowance;
  if (measuredAt > at || at.getTime() - measuredAt.getTime() > latestDays * dayMilliseconds) {
    const message = `\`measuredAt\` must not be ahead of now, nor more than ${latestDays} days ago.`;
    return err(refusal('INVALID_VALUE', ['measuredAt'], message));
  }
  const month = monthStart(measuredAt);
  if (goesBack(readings, { source, month, measuredAt, total: used })) {
    return err(refusal('COUNT_GOES_BACK', ['used']));
  }
  if (isOneTooMany(readings, source, month)) {
    const message = `An allowance is counted by ${mostMeters} meters at the most: add up what several count, and report the sum.`;
    return err(refusal('INVALID_VALUE', ['source'], message));
  }
  const quota = monthlyQuota(allowance, measuredAt, at);
  if (quota === null) return err(refusal('FEATURE_NOT_FOUND', ['featureKey']));
  return ok({
    source,
    month,
    from: partStart(ends, measuredAt),
    measuredAt,
    total: used,
    quota,
  });
}

/**
 * The quota of the month of a reading: as it was when something was measured in it last, so that no order of reports makes a
 * difference. Where nobody knows any more what stood then (an earlier term), a month keeps what is known of it, else it has the present
 * quota. Null when there was no such allowance then and there is none now.
 */
function monthlyQuota(
  { facts, isGone, readings, quotaAt }: UsedAllowance,
  measuredAt: Date,
  at: Date,
): number | null {
  const month = monthStart(measuredAt);
  const ofMonth = readings.filter((reading) => reading.month === month && reading.quota !== null);
  const [latest] = ofMonth.toSorted((one, other) => other.measuredAt.getTime() - one.measuredAt.getTime());
  if (latest !== undefined && latest.measuredAt > measuredAt) return latest.quota;
  const then = quotaAt(measuredAt);
  if (then === 'NONE') return isGone ? null : 0;
  if (then !== 'UNKNOWN') return then;
  if (latest !== undefined && month !== monthStart(at)) return latest.quota;
  return isGone ? null : facts.quota;
}

function isOneTooMany(readings: readonly MeterReading[], source: string, month: LocalDate): boolean {
  const meters = new Set(readings.filter((reading) => reading.month === month).map((one) => one.source));
  return !meters.has(source) && meters.size >= mostMeters;
}

/** The thresholds that were reached by what was used. Nothing was, of an allowance of nothing that was not used. */
export function reachedThresholds({ allowance, used }: MeteredAllowanceFacts): (80 | 100)[] {
  if (used === 0) return [];
  return ([80, 100] as const).filter((percent) => used * 100 >= allowance * percent);
}
