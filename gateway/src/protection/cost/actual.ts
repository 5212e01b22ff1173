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
import { evaluate, type Amount, type Variables } from './amount.js';
import { fieldOf, type CostModel } from './cost-model.js';
import type { Estimate } from './estimate.js';

/** How to count the answer to one field: by its key in the answer. */
interface Counter {
  readonly key: string;
  /** Once for the field. */
  readonly own: Amount;
  /** For each value that is there. */
  readonly each: number;
  readonly below: readonly Counter[];
}

type Counting = (data: unknown, variables: Variables) => number;

/**
 * Compiles how to count what an answer cost: as the estimate does, with the lists as long as they are and nothing for
 * what is null. Scalars are not looked at.
 */
export function compileActual(
  model: CostModel,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  estimate: Estimate,
): Counting {
  const root = model.schema.getRootType(operation.operation);
  if (!root) return () => 0;
  const counters = new Compilation(model, fragmentsOf(document), estimate).counters([
    [operation.selectionSet, root],
  ]);
  return (data, variables) => countObject(data, counters, variables);
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
  readonly #known = new Map<string, readonly Counter[]>();
  readonly #ids = new Map<SelectionSetNode, number>();

  constructor(
    private readonly model: CostModel,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly estimate: Estimate,
  ) {}

  /** How to count an object of which these selections are asked: worked out once, wherever fragments repeat it. */
  counters(sets: readonly TypedSet[]): readonly Counter[] {
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

  #compile(sets: readonly TypedSet[]): readonly Counter[] {
    const merged = new Map<string, Merged>();
    const seen = new Set<SelectionSetNode>();
    for (const [set, type] of sets) this.#collect(set, type, merged, seen);
    return [...merged]
      .map(([key, { own, each, sets }]) => ({ key, own, each, below: this.counters(sets) }))
      .filter(({ own, each, below }) => own !== 0 || each !== 0 || below.length > 0);
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

function countObject(data: unknown, counters: readonly Counter[], variables: Variables): number {
  if (typeof data !== 'object' || data === null) return 0;
  let total = 0;
  for (const counter of counters) {
    const value = (data as Readonly<Record<string, unknown>>)[counter.key];
    if (value === undefined) continue; // skipped, or of another type
    total += evaluate(counter.own, variables) + countValue(value, counter, variables);
  }
  return total;
}

function countValue(value: unknown, counter: Counter, variables: Variables): number {
  if (value === null) return 0;
  if (!Array.isArray(value)) return counter.each + countObject(value, counter.below, variables);
  let total = 0;
  for (const entry of value) total += countValue(entry, counter, variables);
  return total;
}
