import { LRUCache } from 'lru-cache';

/** An operation that is not registered, and who sent it. Holds no text and no variable. */
export interface UnregisteredOperation {
  /** SHA-256 of its text, in hexadecimal, or the hash that was sent alone. */
  readonly hash: string;
  readonly operationName?: string;
  readonly audience: string;
  /** The subject of the token. */
  readonly client: string;
  readonly refused: boolean;
}

/** How often it came, and when (ISO 8601, UTC). */
export interface Refusal extends UnregisteredOperation {
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** What was sent without being registered, for those who operate the gateway. */
export interface Refusals {
  /** Counts one; true when it is new. */
  note(operation: UnregisteredOperation): boolean;
  /** The latest first. */
  list(): readonly Refusal[];
}

/**
 * @param now milliseconds since 1970
 * @param capacity how many are remembered; the one that came longest ago is forgotten first
 */
export function createRefusals(now: () => number, capacity = 500): Refusals {
  const known = new LRUCache<string, Refusal>({ max: capacity });
  return {
    note: (operation) => {
      const key = JSON.stringify([operation.hash, operation.audience, operation.client, operation.refused]);
      const before = known.get(key);
      const lastAt = new Date(now()).toISOString();
      known.set(key, {
        ...operation,
        count: (before?.count ?? 0) + 1,
        firstAt: before?.firstAt ?? lastAt,
        lastAt,
      });
      return before === undefined;
    },
    list: () => [...known.values()],
  };
}
