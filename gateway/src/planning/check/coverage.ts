import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { argumentValues, fieldOf } from './argument-values.js';
import { areKnownOf, common, type KnownData } from './known-data.js';
import type { SupergraphFacts, TypeNames } from './supergraph-facts.js';

/** What variables are taken to be inside of `@skip` and `@include`. */
type Assumptions = ReadonlyMap<string, boolean>;

/**
 * The first field of an operation that a plan does not bring for some type of object that can be there; undefined when
 * it brings all. Fields that can never be included need not be brought.
 *
 * @param document with the keys under which the plan brings fields as response keys
 */
export function missingField(
  facts: SupergraphFacts,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  data: KnownData,
): string | undefined {
  const root = facts.supergraph.getRootType(operation.operation);
  if (!root) return operation.operation;
  return new Coverage(facts, document).missing(
    operation.selectionSet,
    new Set([root.name]),
    [data],
    new Map(),
  );
}

class Coverage {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(
    private readonly facts: SupergraphFacts,
    document: DocumentNode,
  ) {
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(fragments.map((node) => [node.name.value, node]));
  }

  missing(
    { selections }: SelectionSetNode,
    types: TypeNames,
    known: readonly KnownData[],
    assumptions: Assumptions,
  ): string | undefined {
    for (const selection of selections) {
      const assumed = assume(selection, assumptions);
      if (assumed === undefined) continue;
      const missing =
        selection.kind === Kind.FIELD
          ? this.missingAt(selection, types, known, assumed)
          : this.missingIn(selection, types, known, assumed);
      if (missing !== undefined) return missing;
    }
    return undefined;
  }

  private missingIn(
    selection: Exclude<SelectionNode, FieldNode>,
    types: TypeNames,
    known: readonly KnownData[],
    assumptions: Assumptions,
  ): string | undefined {
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
    if (fragment === undefined) return undefined;
    const condition = fragment.typeCondition?.name.value;
    const narrowed = condition === undefined ? types : common(types, this.facts.possible(condition));
    return narrowed.size === 0
      ? undefined
      : this.missing(fragment.selectionSet, narrowed, known, assumptions);
  }

  private missingAt(
    node: FieldNode,
    types: TypeNames,
    known: readonly KnownData[],
    assumptions: Assumptions,
  ): string | undefined {
    const name = node.name.value;
    if (name.startsWith('__')) return undefined;
    const key = (node.alias ?? node.name).value;
    const [some = ''] = types;
    const field = fieldOf(this.facts.supergraph, some, name);
    const values = argumentValues(node.arguments, field);
    const brought = known
      .flatMap((data) => data.at(key))
      .filter((candidate) => candidate.name === name && candidate.arguments === values);
    if (!areKnownOf(brought, types)) return `${[...types].join('|')}.${name}`;
    if (node.selectionSet === undefined) return undefined;
    const below = new Set([...types].flatMap((typeName) => [...this.facts.typesOf(typeName, name)]));
    const dataBelow = [...new Set(brought.map((candidate) => candidate.below))];
    return this.missing(node.selectionSet, below, dataBelow, assumptions);
  }
}

/** What is assumed inside of a selection; undefined when it can never be included. */
function assume({ directives }: SelectionNode, assumptions: Assumptions): Assumptions | undefined {
  let assumed = assumptions;
  for (const { name, arguments: given } of directives ?? []) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const wanted = name.value === 'include';
    const value = given?.find((argument) => argument.name.value === 'if')?.value;
    if (value?.kind === Kind.BOOLEAN && value.value !== wanted) return undefined;
    if (value?.kind !== Kind.VARIABLE) continue;
    const variable = value.name.value;
    if ((assumed.get(variable) ?? wanted) !== wanted) return undefined;
    assumed = new Map([...assumed, [variable, wanted]]);
  }
  return assumed;
}
