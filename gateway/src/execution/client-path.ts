import {
  getNamedType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { DataObject, type Shape } from './data-object.js';
import type { ResponsePath } from './entity-path.js';
import type { SelectedFields } from './selected-fields.js';

/** How the plan's data and the client's operation name their fields. */
export interface DataKeys {
  dataKeyOf(field: FieldNode): string;
  responseKeyOf(dataKey: string): string;
}

/** The root of an answer, by which paths are followed. */
export interface AnswerRoot {
  readonly type: GraphQLObjectType;
  readonly object: DataObject;
  readonly shape: Shape;
  readonly selectionSet: SelectionSetNode;
}

/** Where a path has come to. */
interface Position {
  readonly value: unknown;
  readonly shape: Shape | undefined;
  /** Undefined where the data do not tell. */
  readonly type: GraphQLObjectType | undefined;
  readonly sets: readonly SelectionSetNode[];
}

/**
 * Turns paths in the plan's data into paths of the client's answer. What the client did not ask for of an object, and
 * only another service or another type needs, is told at the object.
 */
export class ClientPaths {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly selected: SelectedFields,
    private readonly keys: DataKeys,
  ) {
    const definitions = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(definitions.map((node) => [node.name.value, node]));
  }

  of(path: ResponsePath, root: AnswerRoot): ResponsePath {
    const { type, object, shape, selectionSet } = root;
    let at: Position = { value: object, shape, type, sets: [selectionSet] };
    for (const [index, part] of path.entries()) {
      const next = typeof part === 'number' ? this.item(at, part) : this.field(at, part);
      if (next === undefined) return this.translated(path.slice(0, index));
      at = next;
    }
    return this.translated(path);
  }

  private translated(path: ResponsePath): ResponsePath {
    return path.map((part) => (typeof part === 'number' ? part : this.keys.responseKeyOf(part)));
  }

  private item(at: Position, index: number): Position {
    return { ...at, value: Array.isArray(at.value) ? at.value[index] : undefined };
  }

  private field({ value, shape, type, sets }: Position, key: string): Position | undefined {
    const object = value instanceof DataObject ? value : undefined;
    const named = object?.typename === undefined ? undefined : this.schema.getType(object.typename);
    const actual = isObjectType(named) ? named : type;
    const fields =
      actual === undefined ? this.anyFields(sets, key, new Set()) : this.fieldsOf(actual, sets, key);
    const [first] = fields;
    if (first === undefined) return undefined;
    const slot = shape?.find(key);
    const definition = actual?.getFields()[first.name.value];
    const below = definition && getNamedType(definition.type);
    return {
      value: slot && object?.values[slot.index],
      shape: slot?.below,
      type: isObjectType(below) ? below : undefined,
      sets: fields.flatMap(({ selectionSet }) => selectionSet ?? []),
    };
  }

  private fieldsOf(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    key: string,
  ): readonly FieldNode[] {
    for (const nodes of this.selected.of(type, sets).values()) {
      if (this.keys.dataKeyOf(nodes[0]) === key) return nodes;
    }
    return [];
  }

  /** The fields with a key, whatever the type and the conditions. */
  private anyFields(sets: readonly SelectionSetNode[], key: string, seen: Set<string>): FieldNode[] {
    const selections = sets.flatMap((set) => set.selections);
    return selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return this.keys.dataKeyOf(selection) === key ? [selection] : [];
      if (selection.kind === Kind.INLINE_FRAGMENT) return this.anyFields([selection.selectionSet], key, seen);
      const name = selection.name.value;
      const fragment = this.fragments.get(name);
      if (fragment === undefined || seen.has(name)) return [];
      seen.add(name);
      return this.anyFields([fragment.selectionSet], key, seen);
    });
  }
}
