import type { GraphQLFormattedError } from 'graphql';
import type { Representation, SubgraphAnswer, SubgraphRequest } from '../execution/subgraph-fetch.js';
import { partKey, partVariable } from './merged-fetch.js';

/** A request for entities. */
export type EntityRequest = SubgraphRequest & { readonly representations: readonly Representation[] };

/** The variables of requests that are sent as one: each request's own, under names of its part. */
export function mergedVariables(requests: readonly EntityRequest[]): Readonly<Record<string, unknown>> {
  const merged: Record<string, unknown> = {};
  requests.forEach(({ variables, representations }, number) => {
    for (const [name, value] of Object.entries(variables)) merged[partVariable(number, name)] = value;
    merged[partVariable(number, 'representations')] = representations;
  });
  return merged;
}

/** How a service failed that gave no answer at all, as the gateway told it; undefined when the words are the service's own. */
export function failureOf({ data, errors = [] }: SubgraphAnswer, serviceName: string | undefined): unknown {
  if (data !== undefined || serviceName === undefined) return undefined;
  return errors.find(({ extensions }) => extensions?.['service'] === serviceName)?.extensions?.['code'];
}

/**
 * A part's answer as it would have got it alone: an error of one of its entities at its place, one of the whole answer to
 * every part. Undefined when the answer has no entities for it: a failure of one part may take away all data.
 */
export function answerOfPart(
  { data, errors = [], ...rest }: SubgraphAnswer,
  number: number,
  { representations }: EntityRequest,
): SubgraphAnswer | undefined {
  const key = partKey(number);
  const entities: unknown = data?.[key];
  if (!Array.isArray(entities) || entities.length !== representations.length) return undefined;
  const own = errors.flatMap((error) => errorOfPart(error, key));
  return { ...rest, data: { _entities: entities }, ...(own.length > 0 && { errors: own }) };
}

function errorOfPart(error: GraphQLFormattedError, key: string): readonly GraphQLFormattedError[] {
  const [part, ...below] = error.path ?? [];
  if (part === undefined) return [error];
  return part === key ? [{ ...error, path: ['_entities', ...below] }] : [];
}
