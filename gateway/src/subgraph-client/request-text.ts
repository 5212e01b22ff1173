import { createHash } from 'node:crypto';
import type { SubgraphRequest } from '../execution/subgraph-fetch.js';
import type { FetchNode } from '../planning/query-plan.js';

/** A request to a service in JSON. */
export interface RequestText {
  readonly body: string;
  /** Equal for requests of one service that are equal, and short where the body is long. */
  readonly key: string;
}

/** What all requests of a plan's node have in common is written once. */
interface NodeText {
  /** The body up to the variables. */
  readonly beginning: string;
  readonly key: string;
}

const nodes = new WeakMap<FetchNode, NodeText>();

/** Writes the body of a request to a service, and a key by which equal ones are found. */
export function requestText({ fetch, variables, representations }: SubgraphRequest): RequestText {
  const { beginning, key } = textOf(fetch);
  const values = variablesText(variables, representations);
  return { body: `${beginning}${values}}`, key: `${key} ${values}` };
}

function variablesText(
  variables: SubgraphRequest['variables'],
  representations: SubgraphRequest['representations'],
): string {
  const values = JSON.stringify(variables);
  if (representations === undefined) return values;
  const more = values === '{}' ? '{' : `${values.slice(0, -1)},`;
  return `${more}"representations":[${representations.map(({ text }) => text).join(',')}]}`;
}

function textOf(fetch: FetchNode): NodeText {
  const known = nodes.get(fetch);
  if (known !== undefined) return known;
  const { serviceName, operation: query, operationName } = fetch;
  const beginning = `${JSON.stringify({ query, operationName }).slice(0, -1)},"variables":`;
  const text: NodeText = { beginning, key: digest(`${serviceName} ${beginning}`) };
  nodes.set(fetch, text);
  return text;
}

/** Stands for a long text in keys that are made and looked up all the time. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
