import type { KeyRenamer } from '../planning/query-plan.js';
import { DataObject, type Shape } from './data-object.js';
import type { EntityPath, Place } from './entity-path.js';
import type { TypeRelations } from './type-relations.js';

type Variables = Record<string, unknown>;

/** Reads the variables that a place takes from above itself (`@fromContext`). */
export type ReadContext = (place: Place) => Readonly<Variables>;

const condition = '... on ';

/**
 * @param renamers whose paths go up from the entity with `..` (one object each, lists not counted), then down
 * @param path where the entities are
 */
export function compileContext(
  renamers: readonly KeyRenamer[],
  path: EntityPath,
  types: TypeRelations,
): ReadContext {
  const reads = renamers.map(({ path: from, renameKeyTo }) => {
    const up = from.findIndex((part) => part !== '..');
    const depth = path.shapes.length - 1 - up;
    const shape = path.shapes[depth];
    if (up < 0 || shape === undefined)
      throw new Error(`A plan reads a context above the root: ${from.join('.')}`);
    return { name: renameKeyTo, depth, read: compileRead(from.slice(up), shape, types) };
  });
  return ({ object, above }) => {
    const variables: Variables = {};
    for (const { name, depth, read } of reads) {
      const from = depth === above.length ? object : above[depth];
      const value = from === undefined ? undefined : read(from);
      if (value !== undefined) variables[name] = value;
    }
    return variables;
  };
}

function compileRead(
  [first, ...rest]: readonly string[],
  shape: Shape,
  types: TypeRelations,
): (value: unknown) => unknown {
  if (first === undefined) return (value) => value;
  if (first.startsWith(condition)) {
    const type = first.slice(condition.length);
    const read = compileRead(rest, shape, types);
    return (value) => {
      if (!(value instanceof DataObject)) return undefined;
      return value.typename === undefined || types.meets(value.typename, type) ? read(value) : undefined;
    };
  }
  const { index } = shape.slot(first);
  const read = compileRead(rest, rest.length === 0 ? shape : shape.below(first), types);
  return (value) => readEach(value, (object) => read(object.values[index]));
}

/** A list above is a list of values. */
function readEach(value: unknown, read: (object: DataObject) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => readEach(item, read));
  return value instanceof DataObject ? read(value) : value;
}
