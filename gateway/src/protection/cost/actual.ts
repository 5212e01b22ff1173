import {
  getNamedType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { FieldTally, Tally } from '../../execution/tally.js';
import { evaluate, type Amount, type Variables } from './amount.js';
import { fieldOf, type CostModel } from './cost-model.js';
import type { Estimate } from './estimate.js';

/**
 * Compiles what to count of an answer to know what it cost: as the estimate does, with the lists as long as they are and
 * nothing for what is null. Scalars that cost nothing are not looked at.
 */
export function compileTally(
  model: CostModel,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  estimate: Estimate,
): Tally {
  const root = model.schema.getRootType(operation.operation);
  if (!root) return new Map();
  return new Compilation(model, fragmentsOf(document), estimate).tally([[operation.selectionSet, root]]);
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
}

type TypedSet = readonly [SelectionSetNode, GraphQLNamedType];

/** All fields that give one key of an answer: GraphQL merges them. */
interface Merged {
  readonly own: Amount;
  readonly each: number;
  readonly sets: TypedSet[];
}

class Compilation {
  readonly #known = new Map<string, Tally>();
  readonly #ids = new Map<SelectionSetNode, number>();

  constructor(
    private readonly model: CostModel,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly estimate: Estimate,
  ) {}

  /** What to count of an object of which these selections are asked: worked out once, wherever fragments repeat it. */
  tally(sets: readonly TypedSet[]): Tally {
    const key = sets.map(([set, type]) => `${this.#idOf(set)} ${type.name}`).join();
    const known = this.#known.get(key) ?? this.#compile(sets);
    this.#known.set(key, known);
    return known;
  }

  #idOf(set: SelectionSetNode): number {
    const id = this.#ids.get(set) ?? this.#ids.size;
    this.#ids.set(set, id);
    return id;
  }

  #compile(sets: readonly TypedSet[]): Tally {
    const merged = new Map<string, Merged>();
    const seen = new Set<SelectionSetNode>();
    for (const [set, type] of sets) this.#collect(set, type, merged, seen);
    const tally = new Map<string, FieldTally>();
    for (const [key, { own, each, sets }] of merged) {
      const below = this.tally(sets);
      if (own !== 0 || each !== 0 || below.size > 0) tally.set(key, { own, each, below });
    }
    return tally;
  }

  #collect(
    set: SelectionSetNode,
    type: GraphQLNamedType,
    merged: Map<string, Merged>,
    seen: Set<SelectionSetNode>,
  ): void {
    if (seen.has(set)) return;
    seen.add(set);
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        this.#field(node, type, merged);
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(node.name.value) : node;
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition?.name.value;
      this.#collect(fragment.selectionSet, conditioned(this.model.schema, condition) ?? type, merged, seen);
    }
  }

  #field(node: FieldNode, type: GraphQLNamedType, merged: Map<string, Merged>): void {
    const key = node.alias?.value ?? node.name.value;
    if (node.name.value.startsWith('__')) {
      const own = node.selectionSet === undefined ? 0 : this.model.defaults.introspection;
      merged.set(key, { own, each: 0, sets: [] });
      return;
    }
    const field = fieldOf(type, node.name.value);
    if (field === undefined) return;
    const entry: Merged = merged.get(key) ?? {
      own: this.estimate.ownWeight(type, node, field),
      each: this.model.typeWeight(field.type),
      sets: [],
    };
    if (node.selectionSet !== undefined) entry.sets.push([node.selectionSet, getNamedType(field.type)]);
    merged.set(key, entry);
  }
}

function conditioned(schema: GraphQLSchema, condition: string | undefined): GraphQLNamedType | undefined {
  return condition === undefined ? undefined : schema.getType(condition);
}

/** Counts an answer that is there as a whole: `data` of a response. */
export function countAnswer(data: unknown, tally: Tally, variables: Variables): number {
  if (typeof data !== 'object' || data === null) return 0;
  let total = 0;
  for (const [key, field] of tally) {
    if (!Object.hasOwn(data, key)) continue; // skipped, or of another type
    const value = (data as Readonly<Record<string, unknown>>)[key];
    total += evaluate(field.own, variables) + countValue(value, field, variables);
  }
  return total;
}

function countValue(value: unknown, field: FieldTally, variables: Variables): number {
  if (value === null) return 0;
  if (!Array.isArray(value)) return field.each + countAnswer(value, field.below, variables);
  let total = 0;
  for (const entry of value) total += countValue(entry, field, variables);
  return total;
}
