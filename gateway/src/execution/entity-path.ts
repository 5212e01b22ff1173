import { DataObject, type Shape } from './data-object.js';

export type ResponsePath = readonly (string | number)[];

interface PathStep {
  readonly key: string;
  readonly index: number;
  /** Only objects of these types go on; undefined: all. */
  readonly typenames: ReadonlySet<string> | undefined;
}

/** Where a `Flatten` node of a plan leads: through lists without naming their items. */
export interface EntityPath {
  readonly steps: readonly PathStep[];
  /** Of the objects at the start, which alone may go on; undefined: all. */
  readonly startTypenames: ReadonlySet<string> | undefined;
  /** The shapes along the path: the root's first, that of the objects at its end last. */
  readonly shapes: readonly [Shape, ...Shape[]];
}

/** True when only objects of some types go on along a path of a plan. */
export function hasTypeConditions(path: ResponsePath): boolean {
  return path.some((part) => typeof part === 'string' && part.includes('|['));
}

/**
 * @param path names, `@` for the items of a list, each with `|[A,B]` after it when only objects of these types go on
 */
export function compilePath(path: ResponsePath, root: Shape): EntityPath {
  const steps: PathStep[] = [];
  const shapes: [Shape, ...Shape[]] = [root];
  let startTypenames: ReadonlySet<string> | undefined;
  let shape = root;
  for (const part of path) {
    if (typeof part === 'number') throw new Error('A plan that leads to one item of a list is not supported');
    const [, name = '', condition] = /^([^|]*)(?:\|\[(.*)\])?$/.exec(part) ?? [];
    const typenames = condition === undefined ? undefined : new Set(condition.split(','));
    if (name === '' || name === '@') {
      const last = steps.pop();
      if (last === undefined) startTypenames = typenames ?? startTypenames;
      else steps.push({ ...last, typenames: typenames ?? last.typenames });
      continue;
    }
    steps.push({ key: name, index: shape.slot(name).index, typenames });
    shape = shape.below(name);
    shapes.push(shape);
  }
  return { steps, startTypenames, shapes };
}

let walks = 0;

/** The objects at the end of a path, each once however many places it has. */
export function objectsAt(root: DataObject, path: EntityPath): readonly DataObject[] {
  if (path.startTypenames?.has(String(root.typename)) === false) return [];
  let objects: DataObject[] = [root];
  for (const { index, typenames } of path.steps) {
    const next: DataObject[] = [];
    walks += 1;
    for (const object of objects) gather(object.values[index], typenames, next);
    objects = next;
  }
  return objects;
}

function gather(value: unknown, typenames: ReadonlySet<string> | undefined, into: DataObject[]): void {
  if (value instanceof DataObject) {
    if (value.visited === walks) return;
    value.visited = walks;
    if (typenames === undefined || typenames.has(String(value.typename))) into.push(value);
  } else if (Array.isArray(value)) {
    for (const item of value) gather(item, typenames, into);
  }
}

/** One place where an object stands. */
export interface Place {
  readonly object: DataObject;
  readonly path: ResponsePath;
  /** The objects above it, the root first. */
  readonly above: readonly DataObject[];
}

/** Every place at the end of a path, in the order of the answer. */
export function placesAt(root: DataObject, path: EntityPath): readonly Place[] {
  if (path.startTypenames?.has(String(root.typename)) === false) return [];
  let places: Place[] = [{ object: root, path: [], above: [] }];
  for (const { key, index, typenames } of path.steps) {
    const next: Place[] = [];
    const visit = (value: unknown, at: ResponsePath, above: readonly DataObject[]): void => {
      if (Array.isArray(value)) return value.forEach((item, number) => visit(item, [...at, number], above));
      if (!(value instanceof DataObject)) return;
      if (typenames === undefined || typenames.has(String(value.typename)))
        next.push({ object: value, path: at, above });
    };
    for (const place of places) {
      visit(place.object.values[index], [...place.path, key], [...place.above, place.object]);
    }
    places = next;
  }
  return places;
}
