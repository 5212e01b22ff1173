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

/** How much is used of what there is, in a period of days (UTC). */
export interface MeasuredUse {
  readonly deployment: { readonly id: string; readonly accountId: string };
  readonly subject: NoticeSubject;
  readonly period: LocalPeriod;
  readonly used: number;
  readonly available: number;
}

/** A mail to whoever runs a deployment, that so much is used: once for each account, subject, period and threshold. */
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

/**
 * The notice of a use; null while it is below every threshold, and where there is nothing to be used up. Of several thresholds that
 * were passed at once only the highest is told.
 * @param reachedAt by the account's own clock
 */
export function noticeOf(
  { deployment, subject, period, used, available }: MeasuredUse,
  reachedAt: Date,
): UsageNotice | null {
  const percent = noticeThresholds.findLast((threshold) => used * 100 >= available * threshold);
  if (percent === undefined || available === 0) return null;
  const { id: deploymentId, accountId } = deployment;
  const featureKey = subject.kind === 'ALLOWANCE' ? subject.featureKey : '';
  return {
    id: derivedId('usage-notice', deploymentId, accountId, subject.kind, featureKey, period.start, percent),
    deploymentId,
    subject,
    period,
    percent,
    used,
    available,
    reachedAt,
    ...newDelivery(accountId),
  };
}

/** The month of UTC that begins on a day, as allowances count. */
export function monthFrom(start: LocalDate): LocalPeriod {
  return { start, end: addMonths(start, 1) };
}

/** True when its period is over at an instant of the account's own clock: then there is nothing left to do about it. */
export function isOver({ period }: Pick<UsageNotice, 'period'>, at: Date): boolean {
  return localDateAt(at, 'UTC') >= period.end;
}
