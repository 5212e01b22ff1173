import type { Result } from '@fulfillment/kernel/domain/result';
import type { Refusal } from '../domain/refusal.js';
import type { SigningKeyPayload } from './__generated__/resolvers.js';
import type { Context } from './context.js';
import { signingKeyToGraphql } from './signing-key-to-graphql.js';

/** The key of an outcome as it stands now, or what was wrong. */
export async function signingKeyPayload(
  context: Pick<Context, 'signingKeys' | 'now'>,
  outcome: Result<string, Refusal>,
): Promise<SigningKeyPayload> {
  if (!outcome.ok) return { signingKey: null, userErrors: [toGraphql(outcome.error)] };
  const [keys, at] = await Promise.all([context.signingKeys(), context.now(null)]);
  const key = keys.find(({ id }) => id === outcome.value);
  return { signingKey: key === undefined ? null : signingKeyToGraphql(key, keys, at), userErrors: [] };
}

function toGraphql({ code, message, field }: Refusal): SigningKeyPayload['userErrors'][number] {
  return { code, message, field: [...field] };
}
