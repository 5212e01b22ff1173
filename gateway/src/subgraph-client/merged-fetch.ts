import {
  Kind,
  OperationTypeNode,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type FieldNode,
  type FragmentDefinitionNode,
  type NameNode,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { FetchNode } from '../planning/query-plan.js';

/** Merged texts are remembered up to this many characters in all. */
const rememberedCharacters = 4_000_000;

/** For so long fetches are not merged after a service refused their merged text, in milliseconds. */
const refusedForMs = 60_000;

/** The key under which the entities of a part are in the answer of a merged fetch; also what its variables begin with. */
export function partKey(number: number): string {
  return `part${number}`;
}

/** What a variable of a part is called in the merged fetch: no part knows another's. */
export function partVariable(number: number, name: string): string {
  return `${partKey(number)}_${name}`;
}

interface Merged {
  /** Undefined when the fetches cannot be merged. */
  readonly fetch: FetchNode | undefined;
  /** By the clock of `now`. */
  refusedUntil: number;
}

/** Fetches for entities of one service as one fetch: each combination is written once, and remembered. */
export class MergedFetches {
  private readonly numbers = new WeakMap<FetchNode, number>();
  private last = 0;
  private readonly known = new LRUCache<string, Merged>({ maxSize: rememberedCharacters });

  /** @param now milliseconds that only go forward */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** A number for each fetch, by which combinations have one order. */
  numberOf(fetch: FetchNode): number {
    const known = this.numbers.get(fetch);
    if (known !== undefined) return known;
    this.last += 1;
    this.numbers.set(fetch, this.last);
    return this.last;
  }

  /**
   * The fetches as one, whose part `n` is under `partKey(n)` in the answer; undefined when they are to be sent one by one.
   *
   * @param fetches of one service, in the order of their numbers
   */
  of(fetches: readonly FetchNode[]): FetchNode | undefined {
    const { fetch, refusedUntil } = this.remembered(fetches);
    return refusedUntil > this.now() ? undefined : fetch;
  }

  /** Notes that the service does not take these fetches as one. */
  refused(fetches: readonly FetchNode[]): void {
    this.remembered(fetches).refusedUntil = this.now() + refusedForMs;
  }

  private remembered(fetches: readonly FetchNode[]): Merged {
    const key = fetches.map((fetch) => this.numberOf(fetch)).join(' ');
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const made: Merged = { fetch: mergeFetches(fetches), refusedUntil: -Infinity };
    this.known.set(key, made, { size: 100 + (made.fetch?.operation.length ?? 0) });
    return made;
  }
}

/** Undefined when one of them asks for more than entities, or is not a query. */
export function mergeFetches(fetches: readonly FetchNode[]): FetchNode | undefined {
  const [first] = fetches;
  const parts = fetches.map(({ operation }, number) => partOf(operation, number));
  if (first === undefined || !parts.every((part) => part !== undefined)) return undefined;
  const { operationName } = first;
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    ...(operationName !== undefined && { name: nameNode(operationName) }),
    variableDefinitions: parts.flatMap(({ query }) => query.variableDefinitions ?? []),
    selectionSet: { kind: Kind.SELECTION_SET, selections: parts.map(({ entities }) => entities) },
  };
  const definitions = [operation, ...parts.flatMap(({ fragments }) => fragments)];
  return {
    kind: 'Fetch',
    serviceName: first.serviceName,
    operation: stripIgnoredCharacters(print({ kind: Kind.DOCUMENT, definitions })),
    operationName,
    operationKind: 'query',
  };
}

interface Part {
  readonly query: OperationDefinitionNode;
  readonly entities: FieldNode;
  readonly fragments: readonly FragmentDefinitionNode[];
}

/** A fetch's text with names that no other part has. */
function partOf(text: string, number: number): Part | undefined {
  const own = ({ value }: NameNode) => nameNode(partVariable(number, value));
  const { definitions } = visit(parse(text, { noLocation: true }), {
    [Kind.VARIABLE]: (node) => ({ ...node, name: own(node.name) }),
    [Kind.FRAGMENT_SPREAD]: (node) => ({ ...node, name: own(node.name) }),
    [Kind.FRAGMENT_DEFINITION]: (node) => ({ ...node, name: own(node.name) }),
  });
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const [query, ...more] = definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (query?.operation !== OperationTypeNode.QUERY || more.length > 0) return undefined;
  const [field, ...others] = query.selectionSet.selections;
  const isPlain = others.length === 0 && (query.directives ?? []).length === 0;
  if (!isPlain || field?.kind !== Kind.FIELD || field.name.value !== '_entities') return undefined;
  return { query, entities: { ...field, alias: nameNode(partKey(number)) }, fragments };
}

function nameNode(value: string): NameNode {
  return { kind: Kind.NAME, value };
}
