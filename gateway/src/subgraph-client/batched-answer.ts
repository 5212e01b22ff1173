import type { GraphQLFormattedError } from 'graphql';
import type { Representation, SubgraphAnswer } from '../execution/subgraph-fetch.js';

const entitiesKey = '_entities';

/** Several requests for entities in one, and which part of its answer is whose. */
export class BatchedAnswer {
  /** What is asked for in all: each different one once. */
  readonly representations: readonly Representation[];
  /** Where the entities of each request are in the answer. */
  readonly #places: readonly (readonly number[])[];

  constructor(requests: readonly (readonly Representation[])[]) {
    const all: Representation[] = [];
    const placeByText = new Map<string, number>();
    const placeOf = (representation: Representation): number => {
      const { text } = representation;
      const known = placeByText.get(text);
      if (known !== undefined) return known;
      placeByText.set(text, all.length);
      return all.push(representation) - 1;
    };
    this.#places = requests.map((representations) => representations.map(placeOf));
    this.representations = all;
  }

  /**
   * The answer as the request of this number would have got it alone: an error of one entity goes to whoever asked for it,
   * at its place there. One of the whole answer goes to everybody, as does every error of an answer without entities.
   */
  partOf({ data, errors, ...rest }: SubgraphAnswer, number: number): SubgraphAnswer {
    const entities: unknown = data?.[entitiesKey];
    if (!Array.isArray(entities)) {
      const told = errors?.map(({ message, extensions }) => ({ message, ...(extensions && { extensions }) }));
      return { ...rest, ...(data !== undefined && { data }), ...(told && { errors: told }) };
    }
    const places = this.#places[number] ?? [];
    const own = { [entitiesKey]: places.map((place) => entities[place] as unknown) };
    const told = errors?.flatMap((error) => errorAt(error, places)) ?? [];
    return { ...rest, data: own, ...(told.length > 0 && { errors: told }) };
  }
}

function errorAt(error: GraphQLFormattedError, places: readonly number[]): readonly GraphQLFormattedError[] {
  const [root, place, ...below] = error.path ?? [];
  if (root !== entitiesKey || typeof place !== 'number') return [error];
  const own = places.indexOf(place);
  return own === -1 ? [] : [{ ...error, path: [root, own, ...below] }];
}
