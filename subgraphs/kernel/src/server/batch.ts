import DataLoader from 'dataloader';
import { isUuid } from '../domain/ids.js';
import { type Connection, emptyConnection } from './connection.js';

/** Answers for one key at a time, and asks once for all keys of a tick. What was loaded is remembered. */
export interface Loader<Value> {
  load(key: string): Promise<Value>;
}

/** The page of a list under one of several parents. */
export type PageLoader<Node, Arguments extends object> = (
  parentId: string,
  page: Arguments,
) => Promise<Connection<Node>>;

type Read<Found> = (ids: readonly string[]) => Promise<Found>;

/*
 * Ids come from outside in any form. `read` gets UUIDs in small letters, as the database writes them, each once and at
 * least one; what is no UUID names nothing.
 */

/** The row of each id; null for an id that names none. */
export function oneEach<Row>(
  read: Read<readonly Row[]>,
  idOf: (row: Row) => string | null,
): Loader<Row | null> {
  return valueEach(async (ids) => new Map((await read(ids)).map((row) => [idOf(row), row])), null);
}

/** The rows under each parent, in the order in which they are read; none for an id that names no parent. */
export function manyEach<Row>(
  read: Read<readonly Row[]>,
  parentOf: (row: Row) => string,
): Loader<readonly Row[]> {
  return valueEach<readonly Row[]>(async (parentIds) => {
    const lists = new Map<string, Row[]>(parentIds.map((id) => [id, []]));
    for (const row of await read(parentIds)) lists.get(parentOf(row))?.push(row);
    return lists;
  }, []);
}

/** For reads that come by id already: what is found for each, and `missing` where there is nothing. */
export function valueEach<Found, Missing = Found>(
  read: Read<ReadonlyMap<string | null, Found>>,
  missing: Missing,
): Loader<Found | Missing> {
  return new DataLoader(
    async (given: readonly string[]) => {
      const ids = given.map((id) => id.toLowerCase());
      const known = ids.filter(isUuid);
      const found = known.length === 0 ? new Map<string, Found>() : await read(known);
      return ids.map((id) => found.get(id) ?? missing);
    },
    { cacheKeyFn: (id) => id.toLowerCase() },
  );
}

/**
 * The page of each parent's list. A list may be asked for with several sets of arguments in one request: each set is a
 * batch of its own.
 */
export function pageEach<Node, Arguments extends object>(
  read: (parentIds: readonly string[], page: Arguments) => Promise<ReadonlyMap<string, Connection<Node>>>,
): PageLoader<Node, Arguments> {
  const loaders = new Map<string, Loader<Connection<Node>>>();
  return (parentId, page) => {
    const key = argumentsKey(page);
    const loader = loaders.get(key) ?? valueEach((ids) => read(ids, page), emptyConnection<Node>());
    loaders.set(key, loader);
    return loader.load(parentId);
  };
}

/** As `oneEach`, by a key that is no id and counts as it is written, such as a product's code. */
export function oneEachByCode<Row>(
  read: Read<readonly Row[]>,
  codeOf: (row: Row) => string,
): Loader<Row | null> {
  return new DataLoader(async (codes: readonly string[]) => {
    const rows = new Map((await read(codes)).map((row) => [codeOf(row), row]));
    return codes.map((code) => rows.get(code) ?? null);
  });
}

/** True where the arguments ask for the same. */
export function sameArguments(left: object, right: object): boolean {
  return argumentsKey(left) === argumentsKey(right);
}

/** Equal for equal arguments, in whatever order they are; null is the same as not given. */
function argumentsKey(page: object): string {
  const given = Object.entries(page).filter(([, value]) => value != null);
  return JSON.stringify(given.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
