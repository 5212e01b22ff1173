import type { ProtectedFields } from '@fulfillment/schema/audience';
import { inSpan, type Trace } from '@fulfillment/telemetry/tracing';
import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Planner } from '../planning/planner.js';
import { estimateBytes } from './estimate-bytes.js';
import type { OperationRequest } from './operation-request.js';
import { prepareOperation, relevantScopes, type Stages } from './prepare.js';
import type { Preparation, PreparedOperation, ValidOperation } from './prepared-operation.js';
import { hashOf, validOperation } from './validate.js';

export interface OperationsOptions<Compiled, Cost> {
  /** The planner of each audience. */
  readonly planners: ReadonlyMap<string, Planner>;
  /** What fields require of a viewer. */
  readonly rules: ProtectedFields;
  readonly stages: Stages<Compiled, Cost>;
  /** About how much memory prepared operations may take. */
  readonly maxBytes: number;
  /** Told of each operation that cannot be planned, once. */
  readonly onUnplannable: (operation: ValidOperation, error: GraphQLError) => void;
}

/** How full the cache of prepared operations is. */
export interface OperationsSize {
  readonly operations: number;
  readonly bytes: number;
}

/** The operations of one supergraph, each prepared once and remembered. */
export interface Operations<Compiled, Cost> {
  /** What is remembered of a request, or made and remembered now. Never throws for what a client sent. */
  prepare(request: OperationRequest): Preparation<PreparedOperation<Compiled, Cost>>;
  /**
   * Prepares the only operation of a text as a viewer who may see everything gets it, and keeps it whatever else is asked.
   * It is found by its name as well.
   */
  keep(
    request: Omit<OperationRequest, 'scopes' | 'operationName'>,
  ): Preparation<PreparedOperation<Compiled, Cost>>;
  size(): OperationsSize;
}

/** One text for one audience, and what it becomes for viewers with different scopes. */
interface Entry<Prepared> {
  readonly operation: ValidOperation;
  readonly relevant: ReadonlySet<string>;
  readonly byScopes: Map<string, Preparation<Prepared>>;
}

/** Of one operation; viewers of an audience have one of few sets of scopes. */
const keptForScopes = 32;

/** How much a prepared operation holds beside its document and plans alone: the rest is what it is compiled to. */
const compiledRatio = 3;

/** The part of the memory that refused texts may take. */
const refusedShare = 0.1;

/**
 * A cache of prepared operations that is bounded by memory. Preparation waits for nothing, so that of identical requests
 * at the same time the first prepares the operation and the others find it.
 */
export function createOperations<Compiled, Cost>(
  options: OperationsOptions<Compiled, Cost>,
): Operations<Compiled, Cost> {
  type Prepared = PreparedOperation<Compiled, Cost>;
  const { planners, rules, maxBytes } = options;
  const entries = new LRUCache<string, Entry<Prepared>>({ maxSize: maxBytes * (1 - refusedShare) });
  const kept = new Map<string, Entry<Prepared>>();
  const refused = new LRUCache<string, readonly GraphQLError[]>({ maxSize: maxBytes * refusedShare });
  const keyOf = createKeys();

  const entryOf = (request: Omit<OperationRequest, 'scopes'>): Preparation<Entry<Prepared>> => {
    const key = keyOf(request);
    const known = kept.get(key) ?? entries.get(key);
    if (known !== undefined) return { prepared: known };
    const refusedKey = `${request.audience} ${hashOf(key)}`;
    const errors = refused.get(refusedKey);
    if (errors !== undefined) return { errors };
    const { apiSchema } = plannerOf(planners, request.audience);
    const valid = inSpan(request.trace, 'parse', () => validOperation(request, apiSchema));
    if (valid.errors !== undefined) {
      refused.set(refusedKey, valid.errors, { size: estimateBytes([refusedKey, valid.errors.map(textOf)]) });
      return valid;
    }
    const operation = valid.prepared;
    const entry = { operation, relevant: relevantScopes(operation, rules), byScopes: new Map() };
    entries.set(key, entry, { size: sizeOf(key, entry) });
    return { prepared: entry };
  };

  const resize = (key: string, entry: Entry<Prepared>) => {
    if (entries.has(key)) entries.set(key, entry, { size: sizeOf(key, entry) });
  };

  return {
    prepare: (request) => {
      const found = entryOf(request);
      if (found.errors !== undefined) return found;
      const before = found.prepared.byScopes.size;
      const prepared = preparedFor(found.prepared, request.scopes, options, request.trace);
      if (found.prepared.byScopes.size !== before) resize(keyOf(request), found.prepared);
      return prepared;
    },
    keep: (request) => {
      const found = entryOf(request);
      if (found.errors !== undefined) return found;
      const operationName = found.prepared.operation.operation.name?.value;
      for (const key of [keyOf(request), keyOf({ ...request, operationName })]) {
        entries.delete(key);
        kept.set(key, found.prepared);
      }
      return preparedFor(found.prepared, found.prepared.relevant, options);
    },
    size: () => ({
      operations: new Set(kept.values()).size + entries.size,
      bytes:
        entries.calculatedSize +
        refused.calculatedSize +
        [...new Set(kept.values())].reduce(
          (bytes, entry) => bytes + sizeOf(entry.operation.source, entry),
          0,
        ),
    }),
  };
}

/** What the operation of an entry becomes for a viewer with these scopes, remembered or made now. */
function preparedFor<Compiled, Cost>(
  { operation, relevant, byScopes }: Entry<PreparedOperation<Compiled, Cost>>,
  scopes: ReadonlySet<string>,
  { planners, rules, stages, onUnplannable }: OperationsOptions<Compiled, Cost>,
  trace?: Trace,
): Preparation<PreparedOperation<Compiled, Cost>> {
  const held = [...relevant].filter((scope) => scopes.has(scope));
  const scopesKey = held.join(' ');
  const known = byScopes.get(scopesKey);
  if (known !== undefined) return known;
  const planner = plannerOf(planners, operation.audience);
  const prepared = inSpan(trace, 'plan', () =>
    prepareOperation(operation, new Set(held), planner, rules, stages),
  );
  for (const error of prepared.errors ?? []) onUnplannable(operation, error);
  if (byScopes.size >= keptForScopes) byScopes.clear();
  byScopes.set(scopesKey, prepared);
  return prepared;
}

/** Keys that are remembered take up to this many characters. */
const rememberedKeys = 2_000_000;

/** A key holds the whole text: it is put together once, so that looking something up by it need not read all of it again. */
function createKeys(): (request: Omit<OperationRequest, 'scopes'>) => string {
  const known = new LRUCache<string, Map<string, string>>({ maxSize: rememberedKeys });
  return ({ audience, operationName, source }) => {
    const asked = operationName === undefined ? audience : JSON.stringify([audience, operationName]);
    let keys = known.get(source);
    if (keys === undefined || keys.size > keptForScopes) {
      keys = new Map();
      known.set(source, keys, { size: source.length + 100 });
    }
    let key = keys.get(asked);
    if (key === undefined) {
      key = asked + source;
      keys.set(asked, key);
    }
    return key;
  };
}

function plannerOf(planners: ReadonlyMap<string, Planner>, audience: string): Planner {
  const planner = planners.get(audience);
  if (planner === undefined) throw new Error(`There is no schema for the audience ${audience}`);
  return planner;
}

function sizeOf<Prepared extends PreparedOperation<unknown, unknown>>(
  key: string,
  { operation, byScopes }: Entry<Prepared>,
): number {
  const plans = [...byScopes.values()].map(({ prepared }) => prepared?.plan);
  return key.length + compiledRatio * estimateBytes([operation.document, plans]);
}

function textOf({ message, locations }: GraphQLError): unknown {
  return { message, locations };
}
