import {
  type GraphQLAbstractType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { NotCompilable } from './not-compilable.js';
import { type Compilation, compileResolver, type Resolve } from './resolvers.js';
import { isPromise, type Run, Unanswerable } from './run.js';
import { type Condition, type SelectedField, selectedFields } from './selected-fields.js';

/**
 * Makes the answer's value of what a resolver gave.
 * @throws Unanswerable, or what a serialization throws, where it does not fit the type
 */
export type Complete = (value: unknown, run: Run) => unknown;

interface CompiledField {
  readonly responseName: string;
  /** Undefined where there is none. */
  readonly conditions: readonly Condition[] | undefined;
  readonly resolve: Resolve;
  readonly complete: Complete;
}

/** Objects of a type, of which what the sets select is shown. */
export function completeObject(
  compilation: Compilation,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): Complete {
  if (type.isTypeOf) throw new NotCompilable(`${type.name} looks at its values`);
  const fields = selectedFields(compilation, type, sets).map((field) =>
    compileField(compilation, type, field),
  );
  return (source, run) => {
    const object: Record<string, unknown> = {};
    for (const { responseName, conditions, resolve, complete } of fields) {
      if (conditions !== undefined && !hold(conditions, run)) continue;
      const value = resolve(source, run);
      if (isPromise(value)) {
        // It has its place among the others from now on.
        object[responseName] = null;
        run.wait(value, (known) => {
          object[responseName] = complete(known, run);
        });
      } else {
        object[responseName] = complete(value, run);
      }
    }
    return object;
  };
}

function hold(conditions: readonly Condition[], { variables }: Run): boolean {
  return conditions.every(({ variable, is }) => variables[variable] === is);
}

function compileField(
  compilation: Compilation,
  parent: GraphQLObjectType,
  { responseName, nodes, conditions: all }: SelectedField,
): CompiledField {
  const conditions = all.length === 0 ? undefined : all;
  const name = nodes[0].name.value;
  if (name === '__typename') {
    return { responseName, conditions, resolve: () => parent.name, complete: (value) => value };
  }
  const field = parent.getFields()[name];
  if (field === undefined) throw new NotCompilable(`${parent.name}.${name}`);
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return {
    responseName,
    conditions,
    resolve: compileResolver(compilation, parent, field, nodes),
    complete: completeValue(compilation, field.type, sets),
  };
}

function completeValue(
  compilation: Compilation,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
): Complete {
  if (!isNonNullType(type)) {
    const complete = completeNonNull(compilation, type, sets);
    return (value, run) => (value == null ? null : complete(value, run));
  }
  const complete = completeNonNull(compilation, type.ofType, sets);
  return (value, run) => {
    if (value == null) throw new Unanswerable();
    return complete(value, run);
  };
}

function completeNonNull(
  compilation: Compilation,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
): Complete {
  if (isLeafType(type)) return completeLeaf(type);
  if (isListType(type)) return completeList(completeValue(compilation, type.ofType, sets));
  if (isNonNullType(type)) return completeNonNull(compilation, type.ofType, sets);
  const complete = isObjectType(type)
    ? completeObject(compilation, type, sets)
    : completeAbstract(compilation, type, sets);
  return (value, run) => {
    if (typeof value !== 'object' || value instanceof Error) throw new Unanswerable();
    return complete(value, run);
  };
}

function completeLeaf(type: GraphQLLeafType): Complete {
  return (value) => {
    if (value instanceof Error) throw new Unanswerable();
    const serialized: unknown = type.serialize(value);
    if (serialized == null) throw new Unanswerable();
    return serialized;
  };
}

function completeList(complete: Complete): Complete {
  return (value, run) => {
    if (!Array.isArray(value)) throw new Unanswerable();
    const list: unknown[] = [];
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (isPromise(item)) {
        list.push(null);
        run.wait(item, (known) => {
          list[index] = complete(known, run);
        });
      } else {
        list.push(run.part(complete, item));
      }
    }
    return list;
  };
}

/** A value says of which type it is as the type has it resolved, and by its `__typename` where it has not. */
function completeAbstract(
  compilation: Compilation,
  type: GraphQLAbstractType,
  sets: readonly SelectionSetNode[],
): Complete {
  const { resolveType } = type;
  if (resolveType && resolveType.length > 2) throw new NotCompilable(`${type.name} asks for its place`);
  const completions = new Map<unknown, Complete>(
    compilation.schema
      .getPossibleTypes(type)
      .map((possible) => [possible.name, completeObject(compilation, possible, sets)]),
  );
  return (value, run) => {
    const name: unknown = resolveType
      ? resolveType(value, run.context, undefined as never, type)
      : (value as { readonly __typename?: unknown }).__typename;
    const complete = completions.get(name);
    if (complete === undefined) throw new Unanswerable();
    return complete(value, run);
  };
}
