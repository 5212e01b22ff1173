import {
  isAbstractType,
  isUnionType,
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

export type FieldNodes = readonly [FieldNode, ...FieldNode[]];

/** The values of the variables that decide what `@skip` and `@include` leave. */
export type Conditions = Readonly<Record<string, boolean>>;

/** Names of the variables on which `@skip` and `@include` depend. */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: (directive) => {
      const value = isCondition(directive) ? conditionOf(directive) : undefined;
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

/** Finds what an operation selects of an object, as the specification's CollectFields does. */
export class SelectedFields {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly conditions: Conditions,
  ) {
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(fragments.map((node) => [node.name.value, node]));
  }

  /**
   * The fields that an object answers, by response key, in the order of the operation.
   *
   * @param type of the object; an interface or union for an object of which no more is known
   */
  of(type: GraphQLCompositeType, sets: readonly SelectionSetNode[]): ReadonlyMap<string, FieldNodes> {
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

  /** True when objects of different types answer different fields of this selection. */
  dependsOnType(type: GraphQLCompositeType, sets: readonly SelectionSetNode[]): boolean {
    const seen = new Set<string>();
    const differs = (selection: SelectionNode): boolean => {
      if (!this.isIncluded(selection)) return false;
      if (selection.kind === Kind.FIELD) return selection.name.value === '__typename';
      const fragment = this.fragmentOf(selection, seen);
      if (fragment === undefined) return false;
      if (!this.applies(fragment.typeCondition?.name.value, type)) return true;
      return fragment.selectionSet.selections.some(differs);
    };
    return sets.some(({ selections }) => selections.some(differs));
  }

  private fragmentOf(selection: Exclude<SelectionNode, FieldNode>, seen: Set<string>) {
    if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
    const name = selection.name.value;
    if (seen.has(name)) return undefined;
    seen.add(name);
    return this.fragments.get(name);
  }

  private applies(condition: string | undefined, type: GraphQLCompositeType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const conditionType = this.schema.getType(condition);
    if (!isAbstractType(conditionType) || isUnionType(type)) return false;
    return this.schema.isSubType(conditionType, type);
  }

  private isIncluded({ directives = [] }: SelectionNode): boolean {
    return directives.every((directive) => {
      if (!isCondition(directive)) return true;
      const value = conditionOf(directive);
      const given =
        value?.kind === Kind.VARIABLE
          ? this.conditions[value.name.value] === true
          : value?.kind === Kind.BOOLEAN && value.value;
      return given === (directive.name.value === 'include');
    });
  }
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}

function conditionOf(directive: DirectiveNode) {
  return directive.arguments?.find(({ name }) => name.value === 'if')?.value;
}
