import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { supergraphId, type Generation } from './generation.js';

/** A supergraph that was not taken. */
export interface RefusedSupergraph {
  /** The beginning of the SHA-256 of its text; absent when it could not be read. */
  readonly id?: string;
  readonly at: Date;
  readonly reason: string;
}

/** The supergraph in use, and what became of the last one that was offered in its place. */
export interface SupergraphState {
  readonly id: string;
  readonly loadedAt: Date;
  /** Gone as soon as another one is taken. */
  readonly refused?: RefusedSupergraph;
}

/** Holds the generation in use and takes others in its place. */
export interface Generations<Compiled, Cost> {
  readonly current: () => Generation<Compiled, Cost>;
  /** The generation that a schema for clients belongs to, as long as there is one; else the one in use. */
  readonly of: (schema: GraphQLSchema) => Generation<Compiled, Cost>;
  readonly state: () => SupergraphState;
  /** Called with each new generation, before the first request meets it. */
  onChange(listener: (generation: Generation<Compiled, Cost>) => void): void;
  /**
   * Checks a supergraph beside the one in use, then takes it in its place; refuses it when it cannot be loaded, or does
   * not answer a known operation that the one in use answers. One is looked at at a time, in the order of the calls.
   *
   * Never rejects: a refusal is in the log and in the state.
   *
   * @param read gives the supergraph's text
   */
  offer(read: () => Promise<string>): Promise<void>;
}

/**
 * @param first the generation to begin with
 * @param create checks a supergraph and makes a generation of it; rejects with an Error that says what is wrong
 * @param now the time, in milliseconds since 1970
 */
export function holdGenerations<Compiled, Cost>(
  first: Generation<Compiled, Cost>,
  create: (supergraphSdl: string) => Promise<Generation<Compiled, Cost>>,
  logger: Logger,
  now: () => number,
): Generations<Compiled, Cost> {
  let current = first;
  let refused: RefusedSupergraph | undefined;
  let last = Promise.resolve();
  const listeners: ((generation: Generation<Compiled, Cost>) => void)[] = [];

  const bySchema = new WeakMap<GraphQLSchema, Generation<Compiled, Cost>>();
  const remember = (generation: Generation<Compiled, Cost>): void => {
    for (const { apiSchema } of generation.planners.values()) bySchema.set(apiSchema, generation);
  };
  remember(first);

  const refuse = (reason: string, id?: string): void => {
    refused = { ...(id !== undefined && { id }), at: new Date(now()), reason };
    logger.error(
      { event: 'supergraph-refused', supergraph: id, inUse: current.id, reason },
      'A supergraph is refused; the one in use stays',
    );
  };

  const take = (generation: Generation<Compiled, Cost>): void => {
    const before = current.id;
    remember(generation);
    current = generation;
    refused = undefined;
    for (const listener of listeners) listener(generation);
    logger.info(
      { event: 'supergraph-taken', supergraph: generation.id, before },
      'A new supergraph is in use',
    );
  };

  const consider = async (read: () => Promise<string>): Promise<void> => {
    let id: string | undefined;
    try {
      const sdl = await read();
      id = supergraphId(sdl);
      if (id === current.id) {
        refused = undefined;
        return;
      }
      const generation = await create(sdl);
      const lost = lostOperations(current, generation);
      if (lost.length > 0) refuse(`It does not answer operations that clients send: ${lost.join('; ')}`, id);
      else take(generation);
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error), id);
    }
  };

  return {
    current: () => current,
    of: (schema) => bySchema.get(schema) ?? current,
    state: () => ({
      id: current.id,
      loadedAt: current.loadedAt,
      ...(refused !== undefined && { refused }),
    }),
    onChange: (listener) => {
      listeners.push(listener);
    },
    offer: (read) => {
      last = last.then(() => consider(read));
      return last;
    },
  };
}

function lostOperations<Compiled, Cost>(
  before: Generation<Compiled, Cost>,
  after: Generation<Compiled, Cost>,
): readonly string[] {
  const nameOf = (unanswerable: string) => unanswerable.slice(0, unanswerable.indexOf(':'));
  const neverAnswered = new Set(before.unanswerable.map(nameOf));
  return after.unanswerable.filter((unanswerable) => !neverAnswered.has(nameOf(unanswerable)));
}
