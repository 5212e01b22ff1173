import { isSchema, isType } from 'graphql';

const object = 24;
const slot = 8;

/**
 * About how much memory a value takes, in bytes: objects, arrays, maps, sets and texts, each counted once. Schemas and
 * their types count nothing, since they are there anyway; what functions hold on to cannot be seen.
 */
export function estimateBytes(value: unknown): number {
  const seen = new Set<object>();
  const open: unknown[] = [value];
  let bytes = 0;
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') bytes += object + next.length;
    if (typeof next !== 'object' || next === null || seen.has(next) || isSchema(next) || isType(next))
      continue;
    seen.add(next);
    const held =
      next instanceof Map
        ? [...next.keys(), ...next.values()]
        : next instanceof Set
          ? [...next]
          : Object.values(next);
    bytes += object + slot * held.length;
    open.push(...held);
  }
  return bytes;
}
