import { addMonths, type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import { type Delivery, newDelivery } from './delivery.js';

/** What is being used up: the purchased seats in a term, or an allowance in a month. */
export type NoticeSubject =
  | { readonly kind: 'SEATS' }
  | { readonly kind: 'ALLOWANCE'; readonly featureKey: string; readonly featureName: string };

/** From how much on the people who run a deployment are told, in per cent of what there is. */
export const noticeThresholds = [80, 100] as const;
export type NoticeThreshold = (typeof noticeThresholds)[number];

/** How much is used of what there is. */
export interface Use {
  readonly used: number;
  readonly available: number;
}

/** A use in a period of days (UTC). */
export interface MeasuredUse extends Use {
  readonly deployment: { readonly id: string; readonly accountId: string };
  readonly subject: NoticeSubject;
  readonly period: LocalPeriod;
  /** How it stood before in the same period; null when nothing was measured in it. */
  readonly before: Use | null;
  /** The notices of it in the period that were not superseded, where they are known already: the store knows them all. */
  readonly told?: readonly ToldNotice[];
}

/** A notice, as far as another one is held against it. */
export type ToldNotice = Pick<UsageNotice, 'percent' | 'available'>;

/**
 * A mail to whoever runs a deployment, that so much is used: once for each account, subject, period, threshold and how much there is.
 * So who buys more is told anew when that is nearly used up, and who goes below a threshold and above it again is not.
 */
export interface UsageNotice extends Delivery {
  readonly id: string;
  readonly deploymentId: string;
  readonly subject: NoticeSubject;
  readonly period: LocalPeriod;
  readonly percent: NoticeThreshold;
  readonly used: number;
  readonly available: number;
  /** When it was reached, by the account's own clock. */
  readonly reachedAt: Date;
}

/** A notice of a use, and whether this use reached its threshold: it was below before. */
export interface ReachedNotice {
  readonly notice: UsageNotice;
  readonly crosses: boolean;
}

/**
 * The notice of a use; null while it is below every threshold, where there is nothing to be used up, and where it was told. Of several
 * thresholds that were passed at once only the highest is told.
 * @param reachedAt by the account's own clock
 */
export function noticeOf(
  { deployment, subject, period, used, available, before, told = [] }: MeasuredUse,
  reachedAt: Date,
): ReachedNotice | null {
  const percent = noticeThresholds.findLast((threshold) => isReached({ used, available }, threshold));
  if (percent === undefined) return null;
  const crosses = before === null || !isReached(before, percent);
  const isTold = told.some((one) => one.percent >= percent && (one.available === available || !crosses));
  if (isTold) return null;
  const { id: deploymentId, accountId } = deployment;
  const featureKey = subject.kind === 'ALLOWANCE' ? subject.featureKey : '';
  const notice = {
    id: derivedId(
      'usage-notice',
      deploymentId,
      accountId,
      subject.kind,
      featureKey,
      period.start,
      percent,
      available,
    ),
    deploymentId,
    subject,
    period,
    percent,
    used,
    available,
    reachedAt,
    ...newDelivery(accountId),
  };
  return { notice, crosses };
}

/** Where there is nothing to be used up nothing is reached. */
function isReached({ used, available }: Use, percent: NoticeThreshold): boolean {
  return available > 0 && used * 100 >= available * percent;
}

/**
 * True while what a notice says is worth saying: there is as much to be used as then, though less may be in use for the moment, or its
 * threshold is reached of what there is by now.
 * @param now how it stands; null when there is nothing of it any more
 */
export function stillHolds({ percent, available }: UsageNotice, now: Use | null): boolean {
  return now !== null && (now.available === available || isReached(now, percent));
}

/** The month of UTC that begins on a day, as allowances count. */
export function monthFrom(start: LocalDate): LocalPeriod {
  return { start, end: addMonths(start, 1) };
}

/** True when its period is over at an instant of the account's own clock: then there is nothing left to do about it. */
export function isOver({ period }: Pick<UsageNotice, 'period'>, at: Date): boolean {
  return localDateAt(at, 'UTC') >= period.end;
}
