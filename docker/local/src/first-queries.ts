import type { Audience } from '@fulfillment/schema/audience';
import type { DemoPointers } from './seeding/demo-pointers.js';

/** A short first query for each kind of client, about the demo data. Each stays on one line, to be pasted. */
export function firstQueries({ product }: DemoPointers): Record<Audience, string> {
  const { kind, externalId } = product.deployment;
  return {
    product:
      `{ entitlements(deploymentKind: ${kind}, externalId: ${JSON.stringify(externalId)}) ` +
      '{ planCode validUntil seats { purchased used overage } subscription { partnerOfRecord { name } } } ' +
      'currentAccount { name } }',
    internal:
      '{ subscriptionsDueForRenewal(first: 3) { totalCount nodes { number quantity currentTerm { endDate } ' +
      'account { name balance { amount currency } } } } }',
    partner:
      '{ currentPartner { name customers(first: 3) { totalCount nodes { account { name ' +
      'subscriptions(first: 3) { nodes { status plan { name } renewal { date } } } } } } } }',
  };
}

/** A command that sends a query; the token comes from the variable of its audience. */
export function curlCommand(url: string, audience: Audience, query: string): string {
  const body = JSON.stringify({ query }).replaceAll("'", "'\\''");
  const variable = tokenVariable(audience);
  return `curl -s ${url} -H "authorization: Bearer $${variable}" -H 'content-type: application/json' -d '${body}'`;
}

/** The shell variable that a token is printed as. */
export function tokenVariable(audience: Audience): string {
  return `${audience.toUpperCase()}_TOKEN`;
}
