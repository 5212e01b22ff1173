import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { allowanceAt, type AllowanceGrant } from '../../allowance/ledger.js';
import { partsOf } from '../../allowance/readings.js';
import { explained, overrideOf, type FeatureSource, type MergeFeature } from './feature-kind.js';

export interface MeteredAllowanceFacts {
  readonly kind: 'METERED_ALLOWANCE';
  /** What is there anew each month: of plan and add-ons, or an override's. */
  readonly quota: number;
  /** What may be used in this month: the quota, what was left of packs and grants when it began, and what was granted since. */
  readonly allowance: number;
  readonly used: number;
  readonly remaining: number;
  /** What was used in this month beyond the allowance. */
  readonly overage: number;
  readonly overageAllowed: boolean;
  /** The first of the next month. */
  readonly resetsOn: LocalDate;
}

/**
 * A monthly quota plus what was granted once: purchased packs, and grants by a person. The quota lapses with the month (UTC);
 * what was granted once carries over until it is used up or ends. An override stands in the place of the quota alone.
 * Source: GitLab's documentation of compute minutes.
 */
export const mergeMeteredAllowance: MergeFeature<MeteredAllowanceFacts> = (sources, { readings }, at) => {
  const override = overrideOf(sources);
  const monthly = sources.filter((source) => source.once === null);
  const quota = total(override === undefined ? monthly : [override]);
  const grants = sources.flatMap(toGrant);
  const { left, allowance, used, remaining, overage, resetsOn } = allowanceAt(
    { quota, grants, parts: partsOf(readings) },
    at,
  );
  const current = sources.filter(({ once, until }) => once === null || until === null || until > at);
  return {
    kind: 'METERED_ALLOWANCE',
    quota,
    allowance,
    used,
    remaining,
    overage,
    overageAllowed: sources.some((source) => source.overageAllowed),
    resetsOn,
    sources: explained(
      current,
      (source) => override === undefined || source === override || source.once !== null,
      ({ once }) => (once === null ? null : (left.get(once.id) ?? 0)),
    ),
  };
};

function toGrant({ once, quantity, units, from, until }: FeatureSource): AllowanceGrant[] {
  if (once === null) return [];
  return [{ ...once, quantity: (quantity ?? 0) * units, from: from ?? new Date(0), until }];
}

function total(sources: readonly FeatureSource[]): number {
  return sources.reduce((sum, { quantity, units }) => sum + (quantity ?? 0) * units, 0);
}
