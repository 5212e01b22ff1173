import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { gatewayError } from '../../errors.js';
import { describeRequirement, type Judge } from './access.js';
import { typenameAlias } from './filter.js';

type Data = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** The original operation, by which an answer to its filtered form is completed. */
export interface OriginalOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Coerced, with defaults. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Puts null at every position of a field that was taken out, with one error for each, and leaves out what the filter
 * added. Where the type of such a field is not nullable the null rises, as the GraphQL specification says.
 */
export function completeAnswer(
  original: OriginalOperation,
  data: Data,
  judge: Judge,
): { data: Record<string, unknown> | null; errors: GraphQLError[] } {
  const root = original.schema.getRootType(original.operation.operation);
  if (!root) throw new Error(`The schema has no root type for a ${original.operation.operation}`);
  const completion = new Completion(original, judge);
  return {
    data: completion.object(root, [original.operation.selectionSet], data, []),
    errors: completion.errors,
  };
}

class Completion {
  readonly errors: GraphQLError[] = [];
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(
    private readonly original: OriginalOperation,
    private readonly judge: Judge,
  ) {
    const fragments = original.document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(fragments.map((node) => [node.name.value, node]));
  }

  /** Null when a field that may not be null is. */
  object(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    data: Data,
    path: Path,
  ): Record<string, unknown> | null {
    const completed = Object.create(null) as Record<string, unknown>;
    for (const [key, nodes] of this.fieldsByKey(type, sets)) {
      const field = type.getFields()[nodes[0].name.value];
      if (field === undefined) {
        completed[key] = data[key]; // __typename, __schema and __type
        continue;
      }
      const fieldPath = [...path, key];
      const unmet = this.judge(type.name, field.name);
      if (unmet !== null) {
        const message = `The token may not see ${type.name}.${field.name}: it needs ${describeRequirement(unmet)}.`;
        this.errors.push(gatewayError('UNAUTHORIZED_FIELD_OR_TYPE', message, { path: fieldPath }));
      }
      const value = unmet === null ? this.value(field.type, nodes, data[key], fieldPath) : null;
      if (value === null && isNonNullType(field.type)) return null;
      completed[key] = value;
    }
    return completed;
  }

  private value(type: GraphQLOutputType, nodes: readonly FieldNode[], value: unknown, path: Path): unknown {
    if (isNonNullType(type)) return this.value(type.ofType, nodes, value, path);
    if (value === null || value === undefined) return null;
    if (isLeafType(type)) return value;
    if (isListType(type)) {
      const items = (value as readonly unknown[]).map((item, index) =>
        this.value(type.ofType, nodes, item, [...path, index]),
      );
      return isNonNullType(type.ofType) && items.includes(null) ? null : items;
    }
    const data = value as Data;
    const runtimeType = isAbstractType(type)
      ? this.original.schema.getType(String(data[typenameAlias]))
      : type;
    if (!isObjectType(runtimeType)) return null;
    const sets = nodes.flatMap((node) => node.selectionSet ?? []);
    return this.object(runtimeType, sets, data, path);
  }

  /** The fields that an object of this type answers, by response key, in the order of the operation. */
  private fieldsByKey(type: GraphQLObjectType, sets: readonly SelectionSetNode[]) {
    const fields = new Map<string, [FieldNode, ...FieldNode[]]>();
    const seen = new Set<string>();
    const collect = (selection: SelectionNode): void => {
      if (!this.isIncluded(selection)) return;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const known = fields.get(key);
        if (known === undefined) fields.set(key, [selection]);
        else known.push(selection);
        return;
      }
      const fragment = this.fragmentOf(selection, seen);
      if (fragment !== undefined && this.applies(fragment.typeCondition?.name.value, type)) {
        fragment.selectionSet.selections.forEach(collect);
      }
    };
    for (const set of sets) set.selections.forEach(collect);
    return fields;
  }

  private fragmentOf(selection: Exclude<SelectionNode, FieldNode>, seen: Set<string>) {
    if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
    const name = selection.name.value;
    if (seen.has(name)) return undefined;
    seen.add(name);
    return this.fragments.get(name);
  }

  private applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const conditionType = this.original.schema.getType(condition);
    return isAbstractType(conditionType) && this.original.schema.isSubType(conditionType, type);
  }

  private isIncluded(node: SelectionNode): boolean {
    const { variables } = this.original;
    if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;
  }
}
