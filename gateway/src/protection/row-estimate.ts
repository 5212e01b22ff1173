import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** Rows of a page when neither `first` nor `last` is given: what the services take then. */
const usualPage = 20;

/** The largest page: a service refuses a larger one by itself, and says so more clearly. */
const largestPage = 100;

/** Entries of a list that is not paged, for example the features of a plan. */
const usualList = 10;

/**
 * How many rows an operation can bring at the most, before anything is asked: a page counts as many as it asks for, a
 * list that is not paged counts 10, and a list below a list multiplies. Ten thousand rows of a hundred fields are a
 * large page; a million are an attack or a mistake.
 *
 * @param document valid for the schema; fragments count at every place where they are used
 * @param variables as the client sent them
 */
export function estimateRows(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map(
    document.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  const root = schema.getRootType(operation.operation);
  return root
    ? new RowEstimate(schema, fragments, defaults(operation, variables)).rowsBelow(
        operation.selectionSet,
        root,
      )
    : 0;
}

/** What the client sent, and for variables that it left out the operation's own defaults. */
function defaults(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const given = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)]] : [],
    ),
  );
  return { ...given, ...variables };
}

class RowEstimate {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  /** The rows that a selection brings for each object of `type`. */
  rowsBelow(set: SelectionSetNode, type: GraphQLNamedType): number {
    let rows = 0;
    for (const selection of set.selections) {
      switch (selection.kind) {
        case Kind.FIELD:
          rows += this.#rowsOf(selection, type);
          break;
        case Kind.INLINE_FRAGMENT:
          rows += this.rowsBelow(
            selection.selectionSet,
            this.#conditioned(selection.typeCondition?.name.value, type),
          );
          break;
        case Kind.FRAGMENT_SPREAD: {
          const fragment = this.fragments.get(selection.name.value);
          if (!fragment) break;
          rows += this.rowsBelow(
            fragment.selectionSet,
            this.#conditioned(fragment.typeCondition.name.value, type),
          );
          break;
        }
      }
    }
    return rows;
  }

  /** A page's `nodes` and `edges` are the page itself: they are counted where the page is asked for. */
  #rowsOf(node: FieldNode, parent: GraphQLNamedType): number {
    const field = fieldOf(parent, node.name.value);
    if (!field || !node.selectionSet) return 0;
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return 0;
    const below = this.rowsBelow(node.selectionSet, type);
    const size = this.#size(node, field);
    if (size !== undefined) return size * (1 + below);
    return isList(field.type) && !isConnection(parent) ? usualList * (1 + below) : below;
  }

  /** How many rows a page asks for; undefined when the field is not paged. */
  #size(node: FieldNode, field: GraphQLField<unknown, unknown>): number | undefined {
    if (!field.args.some(({ name }) => name === 'first')) return undefined;
    const asked = (node.arguments ?? []).flatMap(({ name, value }) => {
      if (name.value !== 'first' && name.value !== 'last') return [];
      const given = value.kind === Kind.VARIABLE ? this.variables[value.name.value] : readInt(value);
      return typeof given === 'number' ? [given] : [];
    });
    return asked.length === 0 ? usualPage : Math.min(largestPage, Math.max(0, ...asked));
  }

  #conditioned(name: string | undefined, type: GraphQLNamedType): GraphQLNamedType {
    return (name === undefined ? undefined : this.schema.getType(name)) ?? type;
  }
}

function readInt(value: ValueNode): number | undefined {
  return value.kind === Kind.INT ? Number(value.value) : undefined;
}

function fieldOf(type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

function isConnection(type: GraphQLNamedType): boolean {
  return fieldOf(type, 'pageInfo') !== undefined;
}

function isList(type: unknown): boolean {
  return isNonNullType(type) ? isList(type.ofType) : isListType(type);
}
