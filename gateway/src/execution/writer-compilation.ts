import {
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLAbstractType,
  type GraphQLCompositeType,
  type GraphQLNamedOutputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { DataKeys } from './client-path.js';
import type { Shape } from './data-object.js';
import { leafTextOf } from './leaf-text.js';
import {
  CountedFieldWriter,
  countedValueWriter,
  DataFieldWriter,
  DeniedFieldWriter,
  IntrospectionWriter,
  leafValueWriter,
  listValueWriter,
  ObjectWriter,
  objectValueWriter,
  TypenameWriter,
  type FieldWriter,
  type WriteValue,
} from './object-writer.js';
import type { FieldNodes, SelectedFields } from './selected-fields.js';
import type { Count, FieldTally, Tally } from './tally.js';

/** Why a viewer may not see a field of an object type, for the client to read; null when it may. */
export type Denied = (typeName: string, fieldName: string) => string | null;

/** What is asked of the values of one field. */
interface Asked {
  readonly sets: readonly SelectionSetNode[];
  readonly shape: Shape | undefined;
  readonly tally: FieldTally | undefined;
}

/** Makes the writers of one operation for given values of its conditions. */
export class WriterCompilation {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly selected: SelectedFields,
    private readonly denied: Denied,
    private readonly keys: DataKeys,
  ) {}

  /**
   * @param type of the objects; an interface for objects of which no more is known
   * @param shape of the objects; undefined where no service is asked for any
   * @param tally what is counted of the objects; undefined where nothing is
   */
  object(
    type: GraphQLCompositeType,
    sets: readonly SelectionSetNode[],
    shape: Shape | undefined,
    tally: Tally | undefined,
  ): ObjectWriter {
    const fields = [...this.selected.of(type, sets)].map(([key, nodes]) =>
      counted(this.field(type, key, nodes, shape, tally?.get(key)), tally?.get(key)?.own),
    );
    return new ObjectWriter(fields);
  }

  private field(
    parent: GraphQLCompositeType,
    key: string,
    nodes: FieldNodes,
    shape: Shape | undefined,
    tally: FieldTally | undefined,
  ): FieldWriter {
    const name = nodes[0].name.value;
    const label = `${parent.name}.${name}`;
    if (name === '__typename') {
      return new TypenameWriter(key, label, isObjectType(parent) ? parent.name : null);
    }
    if (name === '__schema' || name === '__type')
      return new IntrospectionWriter(key, label, name === '__schema');
    const field = 'getFields' in parent ? parent.getFields()[name] : undefined;
    if (field === undefined) throw new Error(`There is no field ${label}`);
    const nonNull = isNonNullType(field.type);
    const message = this.denied(parent.name, name);
    if (message !== null) return new DeniedFieldWriter(key, label, nonNull, message);
    const slot = shape?.find(this.keys.dataKeyOf(nodes[0]));
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const type = isNonNullType(field.type) ? field.type.ofType : field.type;
    const writeValue = this.value(type, { sets, shape: slot?.below, tally }, false);
    return new DataFieldWriter(key, label, nonNull, slot?.index, isLeafType(type), writeValue);
  }

  private value(type: GraphQLOutputType, asked: Asked, isItem: boolean): WriteValue {
    if (isNonNullType(type)) return this.value(type.ofType, asked, isItem);
    if (isListType(type)) {
      return listValueWriter(this.value(type.ofType, asked, true), isNonNullType(type.ofType));
    }
    const writeValue = this.singleValue(type, asked, isItem);
    const each = asked.tally?.each ?? 0;
    return each === 0 ? writeValue : countedValueWriter(writeValue, each);
  }

  private singleValue(type: GraphQLNamedOutputType, asked: Asked, isItem: boolean): WriteValue {
    if (isLeafType(type)) return leafValueWriter(leafTextOf(type), type.name, isItem);
    if (isAbstractType(type)) return this.abstractValue(type, asked);
    const writer = this.object(type, asked.sets, asked.shape, asked.tally?.below);
    return objectValueWriter(() => writer);
  }

  /**
   * Which fields an object answers is not known while its type is not: an object whose type went missing is null.
   *
   * The writer of each type is made when the first object of it comes: most operations meet few of many types.
   */
  private abstractValue(type: GraphQLAbstractType, { sets, shape, tally }: Asked): WriteValue {
    const writers = new Map<string, ObjectWriter | null>();
    const dependsOnType = this.selected.dependsOnType(type, sets);
    const make = (typename: string): ObjectWriter | null => {
      const actual = this.schema.getType(typename);
      if (isObjectType(actual))
        return this.schema.isSubType(type, actual) ? this.object(actual, sets, shape, tally?.below) : null;
      return isAbstractType(actual) ? this.object(type, sets, shape, tally?.below) : null;
    };
    return objectValueWriter((object, run, field) => {
      if (dependsOnType && object.typeMissing && !this.isObject(object.typename)) return null;
      const typename = object.typename ?? type.name;
      let writer = writers.get(typename);
      if (writer === undefined) {
        writer = make(typename);
        if (writers.size < maxTypenames) writers.set(typename, writer);
      }
      if (writer === null) run.invalid(`${field.label} is an object that is no ${type.name}.`);
      return writer;
    });
  }

  private isObject(typename: string | undefined): boolean {
    return typename !== undefined && isObjectType(this.schema.getType(typename));
  }
}

function counted(writer: FieldWriter, own: Count = 0): FieldWriter {
  return own === 0 ? writer : new CountedFieldWriter(writer, own);
}

/** Names of types come from services, and what is kept of them is bounded all the same. */
const maxTypenames = 1_000;
