import { addMonths, compareDates, localDate, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { FeatureUse } from '../../usage.js';
import type { FeatureGrant, MergeFeature } from './feature-kind.js';

export interface MeteredAllowanceFacts {
  readonly kind: 'METERED_ALLOWANCE';
  /** This month's quota and what was left of the packs when the month began. */
  readonly allowance: number;
  readonly used: number;
  readonly remaining: number;
  /** The first of the next month. */
  readonly resetsOn: LocalDate;
}

/**
 * A monthly quota plus purchased packs. The quota is used first and lapses with the month (UTC); a pack carries over
 * until it is used up. Packs are add-ons bought once; what is agreed by the month or year adds to the quota.
 * Source: GitLab's documentation of compute minutes.
 */
export const mergeMeteredAllowance: MergeFeature<MeteredAllowanceFacts> = (grants, use, at) => {
  const quota = total(grants.filter((grant) => !grant.oneTime));
  const packs = total(grants.filter((grant) => grant.oneTime));
  const month = monthStart(at);
  const { used, packsUsedBefore } = inMonth(use, month, quota);
  const allowance = quota + Math.max(0, packs - packsUsedBefore);
  return {
    kind: 'METERED_ALLOWANCE',
    allowance,
    used,
    remaining: Math.max(0, allowance - used),
    resetsOn: addMonths(month, 1),
  };
};

/** The first day of the month that it is in UTC. */
export function monthStart(at: Date): LocalDate {
  return localDate(`${at.toISOString().slice(0, 7)}-01`);
}

function total(grants: readonly FeatureGrant[]): number {
  return grants.reduce((sum, { quantity, units }) => sum + (quantity ?? 0) * units, 0);
}

/** The use as it counts in a month: of an earlier month's use only what went beyond the quota still counts, on the packs. */
function inMonth(
  use: FeatureUse | null,
  month: LocalDate,
  quota: number,
): { used: number; packsUsedBefore: number } {
  if (use === null) return { used: 0, packsUsedBefore: 0 };
  if (compareDates(use.monthStart, month) < 0) {
    return { used: 0, packsUsedBefore: use.packsUsedBefore + Math.max(0, use.used - quota) };
  }
  return { used: use.used, packsUsedBefore: use.packsUsedBefore };
}
