import { createHash } from 'node:crypto';
import type { Audience } from '@fulfillment/schema/audience';
import { ProductEntitlements } from '@fulfillment/schema/operations/__generated__/operations';
import type { DemoPointers } from './seeding/demo-pointers.js';

/** The body of a GraphQL request. */
export interface RequestBody {
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/**
 * A short first request for each kind of client, about the demo data. The product sends an operation that is registered,
 * by its hash, as the gateway wants it.
 */
export function firstRequests({ product }: DemoPointers): Record<Audience, RequestBody> {
  const { kind, externalId } = product.deployment;
  const sha256Hash = createHash('sha256').update(ProductEntitlements.document).digest('hex');
  return {
    product: {
      variables: { deploymentKind: kind, externalId },
      extensions: { persistedQuery: { version: 1, sha256Hash } },
    },
    internal: {
      query:
        '{ subscriptionsDueForRenewal(first: 3) { totalCount nodes { number quantity currentTerm { endDate } ' +
        'account { name balance { amount currency } } } } }',
    },
    partner: {
      query:
        '{ currentPartner { name customers(first: 3) { totalCount nodes { account { name ' +
        'subscriptions(first: 3) { nodes { status plan { name } renewal { date } } } } } } } }',
    },
  };
}

/** A command on one line that sends a request; the token comes from the variable of its audience. */
export function curlCommand(url: string, audience: Audience, request: RequestBody): string {
  const body = JSON.stringify(request).replaceAll("'", "'\\''");
  const variable = tokenVariable(audience);
  return `curl -s ${url} -H "authorization: Bearer $${variable}" -H 'content-type: application/json' -d '${body}'`;
}

/** The shell variable that a token is printed as. */
export function tokenVariable(audience: Audience): string {
  return `${audience.toUpperCase()}_TOKEN`;
}
