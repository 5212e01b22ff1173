import { computeEntitlements, type EntitlementFacts } from '../entitlements/compute.js';
import {
  mergeMeteredAllowance,
  type MeteredAllowanceFacts,
} from '../entitlements/features/metered-allowance.js';
import { grantEnd } from '../entitlements/grant.js';
import type { MeterReading } from './readings.js';

/** An allowance and what is known of its use. */
export interface UsedAllowance {
  /** Of one that is gone, its key. */
  readonly name: string;
  /** How it stands now; of one that is gone, what was used of nothing. */
  readonly facts: MeteredAllowanceFacts;
  /** True when the deployment has no such allowance now: perhaps it had one. */
  readonly isGone: boolean;
  readonly readings: readonly MeterReading[];
  /** When what was granted of it ends or has ended. */
  readonly ends: readonly Date[];
  readonly quotaAt: (instant: Date) => QuotaThen;
}

/**
 * The quota at an earlier instant. NONE: the deployment had no such allowance then. UNKNOWN: that lies before all that is known of its
 * subscriptions, which keep their present term alone.
 */
export type QuotaThen = number | 'NONE' | 'UNKNOWN';

export function usedAllowance(facts: EntitlementFacts, featureKey: string, at: Date): UsedAllowance {
  const readings = facts.usage.allowances.filter((reading) => reading.featureKey === featureKey);
  const present = meteredAt(facts, featureKey, at).allowance;
  return {
    name: present?.name ?? featureKey,
    facts: present ?? mergeMeteredAllowance([], { used: 0, observedAt: null, readings }, at),
    isGone: present === null,
    readings,
    ends: facts.grants
      .filter((grant) => grant.featureKey === featureKey)
      .flatMap((grant) => grantEnd(grant) ?? []),
    quotaAt: (instant) => {
      const { allowance, subscriptionId } = meteredAt(facts, featureKey, instant);
      const isBefore = facts.subscriptions.some(({ holdsFrom }) => instant < holdsFrom);
      if (subscriptionId === null && isBefore) return 'UNKNOWN';
      return allowance?.quota ?? 'NONE';
    },
  };
}

function meteredAt(facts: EntitlementFacts, featureKey: string, at: Date) {
  const { features, subscriptionId } = computeEntitlements(facts, at);
  const feature = features.find(({ key }) => key === featureKey);
  return { allowance: feature?.kind === 'METERED_ALLOWANCE' ? feature : null, subscriptionId };
}
