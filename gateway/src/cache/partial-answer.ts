import type { GraphQLFormattedError } from 'graphql';
import type { SubgraphAnswer } from '../execution/subgraph-fetch.js';

/** Codes with which an answer says that the service gave none. */
const downCodes = new Set(['SERVICE_UNAVAILABLE', 'SERVICE_TIMEOUT', 'SERVICE_BAD_RESPONSE']);

/** True when the service gave no answer at all. */
export function isDown({ data, errors = [] }: SubgraphAnswer): boolean {
  if (data !== undefined && data !== null) return false;
  return errors.some(({ extensions }) => downCodes.has(String(extensions?.['code'])));
}

/** The entities of an answer; null when there is no list of them. */
export function entitiesOf(data: Readonly<Record<string, unknown>>): readonly unknown[] | null {
  const entities = data['_entities'];
  return Array.isArray(entities) ? entities : null;
}

/** Errors about some of the entities, as errors about the places that these have among all. */
export function atPlaces(
  errors: readonly GraphQLFormattedError[],
  places: readonly number[],
): readonly GraphQLFormattedError[] {
  return errors.map((error) => {
    const [list, index, ...below] = error.path ?? [];
    const place = list === '_entities' && typeof index === 'number' ? places[index] : undefined;
    return place === undefined ? error : { ...error, path: ['_entities', place, ...below] };
  });
}
