import {
  Kind,
  parse,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { DataRewrite, FetchNode, KeyRenamer } from '../planning/query-plan.js';
import { DataObject, missing, type Shape } from './data-object.js';
import type { TypeRelations } from './type-relations.js';

type Raw = Readonly<Record<string, unknown>>;

/** A key of a service. */
interface RawField {
  readonly rawKey: string;
  /** Whether every object answers to it, also one that does not have it. */
  readonly isInherited: boolean;
}

/** How a service's key becomes a value of an object. */
interface ReadField extends RawField {
  /** The key under which the answer has it: another than the service's where the planner renamed it. */
  readonly key: string;
  readonly index: number;
  /** How objects under the key are read; undefined for a leaf. */
  readonly below: ObjectReader | undefined;
}

/** Objects that one answer has several times, by their content. */
type Pool = Map<string, DataObject>;

/** What reading an answer has to know besides the answer. */
export interface Reading {
  readonly types: TypeRelations;
  /** Undefined where each place must have an object of its own. */
  readonly pool: Pool | undefined;
}

/** Keys that every object answers to although it does not have them. */
const inherited = new Set([...Object.getOwnPropertyNames(Object.prototype), '__proto__']);

/** Reads objects of a service's answer into {@link DataObject}s; made of what is asked at one place of a fetch. */
export class ObjectReader {
  readonly fields: ReadField[] = [];
  /** The service's keys that tell the type. */
  private readonly typenames: RawField[] = [];

  constructor(
    readonly shape: Shape,
    private readonly id: string,
  ) {}

  addTypename(rawKey: string): void {
    if (this.typenames.some((known) => known.rawKey === rawKey)) return;
    this.typenames.push({ rawKey, isInherited: inherited.has(rawKey) });
  }

  /** The reader of what is under a key; undefined for a leaf. */
  addField(rawKey: string, key: string, isLeaf: boolean): ObjectReader | undefined {
    const known = this.fields.find((field) => field.rawKey === rawKey);
    if (known !== undefined) return known.below;
    const below = isLeaf ? undefined : new ObjectReader(this.shape.below(key), `${this.id}.${rawKey}`);
    const isInherited = inherited.has(rawKey);
    this.fields.push({ rawKey, isInherited, key, index: this.shape.slot(key).index, below });
    return below;
  }

  /** Reads null, an object, or lists of them. What is none of these is left for the writer to tell of. */
  value(raw: unknown, reading: Reading): unknown {
    if (typeof raw !== 'object' || raw === null) return raw;
    if (!Array.isArray(raw)) return this.object(raw as Raw, reading);
    const list: unknown[] = [];
    for (const item of raw) list.push(this.value(item, reading));
    return list;
  }

  object(raw: Raw, reading: Reading): DataObject {
    const { pool } = reading;
    if (pool === undefined || !this.shape.isTarget) return this.newObject(raw, reading);
    const content = this.contentOf(raw);
    if (content === undefined) return this.newObject(raw, reading);
    let object = pool.get(content);
    if (object === undefined) {
      object = this.newObject(raw, reading);
      pool.set(content, object);
    }
    return object;
  }

  private newObject(raw: Raw, reading: Reading): DataObject {
    const values = this.shape.emptyValues();
    for (const field of this.fields) {
      const value = valueOf(raw, field);
      if (value === undefined) continue;
      const { index, below } = field;
      values[index] = below === undefined ? value : below.value(value, reading);
    }
    const object = new DataObject(values);
    for (const field of this.typenames) noteTypename(object, valueOf(raw, field), reading.types);
    return object;
  }

  /** Identifies an object of leaves among those of this reader; undefined when it has more than leaves. */
  private contentOf(raw: Raw): string | undefined {
    let content = this.id;
    for (const field of this.typenames) content += contentOfLeaf(valueOf(raw, field));
    for (const field of this.fields) {
      const { below } = field;
      const value = valueOf(raw, field);
      if (below !== undefined && value !== undefined && value !== null) return undefined;
      content += contentOfLeaf(value);
    }
    return content;
  }

  /** The same as `object` and `merge`, for an object that nobody else is read into: nothing lies between. */
  readInto(target: DataObject, raw: Raw, reading: Reading): boolean {
    let consistent = true;
    for (const field of this.fields) {
      const value = valueOf(raw, field);
      if (value === undefined) continue;
      const { index, below } = field;
      const read = below === undefined ? value : below.value(value, reading);
      const known = target.values[index];
      if (known === undefined || known === missing || below === undefined) target.values[index] = read;
      else {
        const merged = below.mergeValues(known, read, reading.types);
        if (merged === undefined) consistent = false;
        else target.values[index] = merged;
      }
    }
    for (const field of this.typenames) noteTypename(target, valueOf(raw, field), reading.types);
    return consistent;
  }

  /** Adds to an object what was read of another answer about it. True unless the two contradict each other. */
  merge(target: DataObject, read: DataObject, types: TypeRelations): boolean {
    let consistent = true;
    for (const { index, below } of this.fields) {
      const value = read.values[index];
      if (value === undefined) continue;
      const known = target.values[index];
      if (known === undefined || known === missing || below === undefined) target.values[index] = value;
      else {
        const merged = below.mergeValues(known, value, types);
        if (merged === undefined) consistent = false;
        else target.values[index] = merged;
      }
    }
    noteTypename(target, read.typename, types);
    return consistent;
  }

  /** Notes that an answer about an object did not come. */
  miss(target: DataObject): void {
    if (this.typenames.length > 0) target.typeMissing = true;
    for (const { index, below } of this.fields) {
      const known = target.values[index];
      if (known === undefined) target.values[index] = missing;
      else if (below !== undefined) target.values[index] = below.missValues(known);
    }
  }

  private missValues(known: unknown): unknown {
    if (Array.isArray(known)) return known.map((item) => this.missValues(item));
    if (!(known instanceof DataObject)) return known;
    const copy = known.copy();
    this.miss(copy);
    return copy;
  }

  /** Undefined when the two contradict each other. An object that stands elsewhere too is left as it is there. */
  private mergeValues(known: unknown, added: unknown, types: TypeRelations): unknown {
    if (known === null || added === null) return null;
    if (known instanceof DataObject && added instanceof DataObject) {
      const copy = known.copy();
      return this.merge(copy, added, types) ? copy : undefined;
    }
    if (!Array.isArray(known) || !Array.isArray(added) || known.length !== added.length) return undefined;
    const items: unknown[] = known.map((item, index) => this.mergeValues(item, added[index], types));
    return items.includes(undefined) ? undefined : items;
  }

  /** A path of the service's answer in the keys of ours. */
  translate(path: readonly (string | number)[]): (string | number)[] {
    const [part, ...rest] = path;
    if (part === undefined) return [];
    if (typeof part === 'number') return [part, ...this.translate(rest)];
    const field = this.fields.find(({ rawKey }) => rawKey === part);
    return [field?.key ?? part, ...(field?.below?.translate(rest) ?? rest)];
  }
}

/** An own property: JSON may well have a key such as `constructor`, and an object that lacks it must not answer. */
function valueOf(raw: Raw, { rawKey, isInherited }: RawField): unknown {
  return isInherited && !Object.hasOwn(raw, rawKey) ? undefined : raw[rawKey];
}

/** The name of an object type is the last word; before it a service may have known the interface alone. */
function noteTypename(object: DataObject, typename: unknown, types: TypeRelations): void {
  if (typeof typename !== 'string' || typename === object.typename) return;
  if (object.typename === undefined || !types.isObject(object.typename)) object.typename = typename;
}

/** Different for different values, also when several follow one another. */
function contentOfLeaf(value: unknown): string {
  if (typeof value === 'string') return `|${value.length}:${value}`;
  return value === undefined ? '|' : `|=${JSON.stringify(value)}`;
}

/**
 * Makes the reader of a fetch's answer: of `data`, or for entities of each item of `data._entities`.
 *
 * @param shape of the objects to which the answer is added; what the answer brings is added to it
 */
export function compileReader(fetch: FetchNode, shape: Shape): ObjectReader {
  const document = parse(fetch.operation, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  let root: SelectionSetNode | undefined;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) root = definition.selectionSet;
  }
  if (root === undefined) throw new Error(`The plan's request to ${fetch.serviceName} holds no operation`);
  const selectionSet = fetch.requires === undefined ? root : entitiesSelection(root, fetch);
  const reader = new ObjectReader(shape, '');
  new ReaderCompilation(fragments).selections(
    reader,
    selectionSet,
    (fetch.outputRewrites ?? []).map(renamerOf),
  );
  return reader;
}

function entitiesSelection(root: SelectionSetNode, { serviceName }: FetchNode): SelectionSetNode {
  const [field] = root.selections;
  if (field?.kind === Kind.FIELD && field.name.value === '_entities' && field.selectionSet !== undefined) {
    return field.selectionSet;
  }
  throw new Error(`The plan's request to ${serviceName} asks for no entities`);
}

/** Which key of the service becomes which, below which fields. */
interface Renaming {
  readonly path: readonly string[];
  readonly to: string;
}

/** The planner's aliases are unique among the fields beside them, so that conditions on types need not be looked at. */
function renamerOf(rewrite: DataRewrite): Renaming {
  if (rewrite.kind === 'ValueSetter') throw new Error('A plan that sets values in answers is not supported');
  const { path, renameKeyTo }: KeyRenamer = rewrite;
  return { path: path.filter((part) => !part.startsWith('... on ')), to: renameKeyTo };
}

class ReaderCompilation {
  constructor(private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>) {}

  selections(reader: ObjectReader, set: SelectionSetNode, renamings: readonly Renaming[]): void {
    for (const selection of set.selections) this.selection(reader, selection, renamings);
  }

  private selection(reader: ObjectReader, selection: SelectionNode, renamings: readonly Renaming[]): void {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.field(reader, selection, renamings);
      case Kind.INLINE_FRAGMENT:
        return this.selections(reader, selection.selectionSet, renamings);
      case Kind.FRAGMENT_SPREAD: {
        const fragment = this.fragments.get(selection.name.value);
        if (fragment === undefined)
          throw new Error(`No fragment ${selection.name.value} in a plan's request`);
        return this.selections(reader, fragment.selectionSet, renamings);
      }
    }
  }

  private field(reader: ObjectReader, field: FieldNode, renamings: readonly Renaming[]): void {
    const rawKey = field.alias?.value ?? field.name.value;
    if (field.name.value === '__typename') return reader.addTypename(rawKey);
    const here = renamings.filter(({ path }) => path[0] === rawKey);
    const key = here.find(({ path }) => path.length === 1)?.to ?? rawKey;
    const below = reader.addField(rawKey, key, field.selectionSet === undefined);
    if (below === undefined || field.selectionSet === undefined) return;
    const deeper = here
      .map(({ path, to }) => ({ path: path.slice(1), to }))
      .filter(({ path }) => path.length > 0);
    this.selections(below, field.selectionSet, deeper);
  }
}
