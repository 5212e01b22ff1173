import {
  type FieldNode,
  getArgumentValues,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { NotCompilable } from './not-compilable.js';
import { type Run, Unanswerable } from './run.js';
import type { Selections } from './selected-fields.js';

/** What a field of an object is, before its type has been looked at: a value or a promise. */
export type Resolve = (source: unknown, run: Run) => unknown;

/** What is being compiled. */
export interface Compilation extends Selections {
  readonly operation: OperationDefinitionNode;
  /** How many places of the query have arguments that depend on variables. */
  variableArguments: number;
}

type Arguments = Record<string, unknown>;

/**
 * How a field is resolved. Its arguments are made once, or once in a run where they depend on variables.
 * @throws NotCompilable for a resolver below the root that wants to know where in the query it is: no path is kept
 */
export function compileResolver(
  compilation: Compilation,
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly [FieldNode, ...FieldNode[]],
): Resolve {
  const { resolve, name } = field;
  if (resolve === undefined) return (source) => propertyOf(source, name);
  const valuesIn = compileArguments(compilation, field, nodes[0]);
  if (parent === compilation.schema.getQueryType()) {
    const infoIn = rootInfo(compilation, parent, field, nodes);
    return (source, run) => resolve(source, valuesIn(run), run.context, infoIn(run));
  }
  if (resolve.length > 3) throw new NotCompilable(`${parent.name}.${name} asks for its place`);
  return (source, run) => resolve(source, valuesIn(run), run.context, undefined as never);
}

function propertyOf(source: unknown, name: string): unknown {
  const value = (source as Readonly<Record<string, unknown>>)[name];
  if (typeof value === 'function') throw new Unanswerable();
  return value;
}

function compileArguments(
  compilation: Compilation,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): (run: Run) => Arguments {
  if (hasVariables(node)) {
    const place = compilation.variableArguments++;
    return (run) => run.once(place, (variables) => getArgumentValues(field, node, variables));
  }
  const values = getArgumentValues(field, node);
  return () => values;
}

function hasVariables({ arguments: given = [] }: FieldNode): boolean {
  let found = false;
  for (const one of given) {
    visit(one, {
      [Kind.VARIABLE]: () => {
        found = true;
      },
    });
  }
  return found;
}

function rootInfo(
  { schema, fragments, operation }: Compilation,
  parentType: GraphQLObjectType,
  { name: fieldName, type: returnType }: GraphQLField<unknown, unknown>,
  fieldNodes: readonly [FieldNode, ...FieldNode[]],
): (run: Run) => GraphQLResolveInfo {
  const key = (fieldNodes[0].alias ?? fieldNodes[0].name).value;
  const path = { prev: undefined, key, typename: parentType.name };
  const rootValue = undefined;
  const common = {
    fieldName,
    fieldNodes,
    returnType,
    parentType,
    path,
    schema,
    fragments,
    rootValue,
    operation,
  };
  return ({ variables }) => ({ ...common, variableValues: { ...variables } });
}
