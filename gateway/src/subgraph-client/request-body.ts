import type { SubgraphRequest } from '../execution/subgraph-fetch.js';
import type { FetchNode } from '../planning/query-plan.js';

const beginnings = new WeakMap<FetchNode, string>();

/** The body of a request to a service, as JSON. What a plan's node has in common for all its requests is written once. */
export function requestBody({ fetch, variables, representations }: SubgraphRequest): string {
  const values = JSON.stringify(variables);
  if (representations === undefined) return `${beginningOf(fetch)}${values}}`;
  const more = values === '{}' ? '{' : `${values.slice(0, -1)},`;
  const texts = representations.map(({ text }) => text).join(',');
  return `${beginningOf(fetch)}${more}"representations":[${texts}]}}`;
}

function beginningOf(fetch: FetchNode): string {
  const known = beginnings.get(fetch);
  if (known !== undefined) return known;
  const { operation: query, operationName } = fetch;
  const beginning = `${JSON.stringify({ query, operationName }).slice(0, -1)},"variables":`;
  beginnings.set(fetch, beginning);
  return beginning;
}
