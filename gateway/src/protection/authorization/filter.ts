import {
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Judge } from './access.js';

/** What is left of an operation; `document` holds it and the fragments that it still uses. */
export interface FilteredOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** False when the viewer may see all of it: then the original is to be run. */
  readonly removed: boolean;
}

/**
 * Takes out of an operation what the viewer may not see: through aliases, fragments and interfaces. A field of an
 * interface that only some of its types allow is asked of those alone. Variables and fragments that nothing uses any
 * longer go too.
 *
 * @param document valid for the schema
 */
export function filterOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  judge: Judge,
): FilteredOperation {
  const filter = new OperationFilter(schema, document, judge);
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no root type for a ${operation.operation}`);
  const selectionSet = filter.selectionSet(operation.selectionSet, root);
  const used = usedNames(selectionSet, filter.fragments);
  const filtered: OperationDefinitionNode = {
    ...operation,
    selectionSet,
    variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) =>
      used.variables.has(variable.name.value),
    ),
  };
  const fragments = [...filter.fragments.values()].filter(({ name }) => used.fragments.has(name.value));
  return {
    document: { kind: Kind.DOCUMENT, definitions: [filtered, ...fragments] },
    operation: filtered,
    removed: filter.removed,
  };
}

class OperationFilter {
  removed = false;
  /** Filtered fragments by name. */
  readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly definitions: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly judge: Judge,
  ) {
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.definitions = new Map(fragments.map((node) => [node.name.value, node]));
  }

  selectionSet(set: SelectionSetNode, parent: GraphQLCompositeType): SelectionSetNode {
    const selections = set.selections.flatMap((selection) => this.selection(selection, parent));
    if (selections.length === 0) selections.push(typenameField);
    return { ...set, selections };
  }

  private selection(selection: SelectionNode, parent: GraphQLCompositeType): SelectionNode[] {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.field(selection, parent);
      case Kind.INLINE_FRAGMENT: {
        const type = this.typeCondition(selection.typeCondition?.name.value, parent);
        return [{ ...selection, selectionSet: this.selectionSet(selection.selectionSet, type) }];
      }
      case Kind.FRAGMENT_SPREAD:
        this.fragment(selection.name.value);
        return [selection];
    }
  }

  private field(node: FieldNode, parent: GraphQLCompositeType): SelectionNode[] {
    if (node.name.value.startsWith('__')) {
      this.keepFragments(node);
      return [node];
    }
    const types = isObjectType(parent) ? [parent] : this.schema.getPossibleTypes(parent);
    const allowed = types.filter((type) => this.mayAsk(type, node.name.value));
    if (allowed.length === types.length) return [this.withSelections(node, parent)];
    this.removed = true;
    return isObjectType(parent)
      ? []
      : allowed.map((type) => ({
          kind: Kind.INLINE_FRAGMENT,
          typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } },
          selectionSet: { kind: Kind.SELECTION_SET, selections: [this.withSelections(node, type)] },
        }));
  }

  private mayAsk(type: GraphQLObjectType, fieldName: string): boolean {
    return this.judge(type.name, fieldName) === null;
  }

  /** The schema's description of itself is for everybody: its fragments stay as they are. */
  private keepFragments(node: FieldNode | FragmentDefinitionNode): void {
    visit(node, {
      FragmentSpread: ({ name }) => {
        const definition = this.definitions.get(name.value);
        if (definition === undefined || this.fragments.has(name.value)) return;
        this.fragments.set(name.value, definition);
        this.keepFragments(definition);
      },
    });
  }

  private withSelections(node: FieldNode, parent: GraphQLCompositeType): FieldNode {
    if (node.selectionSet === undefined || !('getFields' in parent)) return node;
    const field = parent.getFields()[node.name.value];
    const type = field && getNamedType(field.type);
    if (!isCompositeType(type)) return node;
    return { ...node, selectionSet: this.selectionSet(node.selectionSet, type) };
  }

  private fragment(name: string): void {
    const definition = this.definitions.get(name);
    if (definition === undefined || this.fragments.has(name)) return;
    this.fragments.set(name, definition);
    const type = this.typeCondition(definition.typeCondition.name.value);
    this.fragments.set(name, {
      ...definition,
      selectionSet: this.selectionSet(definition.selectionSet, type),
    });
  }

  private typeCondition(name: string | undefined, parent?: GraphQLCompositeType): GraphQLCompositeType {
    const type = name === undefined ? parent : this.schema.getType(name);
    if (!isCompositeType(type)) throw new Error(`A fragment has no type with fields: ${name}`);
    return type;
  }
}

const typenameField: FieldNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
};

/** The fragments and variables that a selection still uses, directly or through other fragments. */
function usedNames(selectionSet: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const used = { fragments: new Set<string>(), variables: new Set<string>() };
  const open: (SelectionSetNode | FragmentDefinitionNode)[] = [selectionSet];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    visit(node, {
      Variable: ({ name }) => {
        used.variables.add(name.value);
      },
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (fragment === undefined || used.fragments.has(name.value)) return;
        used.fragments.add(name.value);
        open.push(fragment);
      },
    });
  }
  return used;
}
