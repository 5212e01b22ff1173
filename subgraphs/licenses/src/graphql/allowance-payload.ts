import type { Result } from '@fulfillment/kernel/domain/result';
import type { Refusal } from '../domain/refusal.js';
import type { AllowanceBalance } from '../service/use-allowance.js';
import type { AllowancePayload } from './__generated__/resolvers.js';
import { toInt } from './entitlements-to-graphql.js';

/** An allowance after it was used, or what was wrong. */
export function allowancePayload(outcome: Result<AllowanceBalance, Refusal>): AllowancePayload {
  if (!outcome.ok) return { allowance: null, userErrors: [outcome.error] };
  const { featureKey, allowance, used, remaining, overage, resetsOn } = outcome.value;
  return {
    allowance: {
      featureKey,
      allowance: toInt(allowance),
      used: toInt(used),
      remaining: toInt(remaining),
      overage: toInt(overage),
      resetsOn,
    },
    userErrors: [],
  };
}
