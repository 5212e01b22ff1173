import type { Result } from '@fulfillment/kernel/domain/result';
import type { Refusal } from '../domain/refusal.js';
import type { ResolversTypes } from './__generated__/resolvers.js';
import type { Context } from './context.js';

/** The grant of an outcome as it stands now, or what was wrong. */
export async function entitlementGrantPayload(
  { loaders }: Pick<Context, 'loaders'>,
  outcome: Result<string, Refusal>,
): Promise<ResolversTypes['EntitlementGrantPayload']> {
  if (!outcome.ok) return { grant: null, userErrors: [outcome.error] };
  return { grant: await loaders.entitlementGrant.load(outcome.value), userErrors: [] };
}
