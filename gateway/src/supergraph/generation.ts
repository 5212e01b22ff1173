import { createHash } from 'node:crypto';
import type { CacheHints, ProtectedFields } from '@fulfillment/schema/audience';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { createOperations, type Operations } from '../operation/operations.js';
import type { CostInput, Stages } from '../operation/prepare.js';
import { loadApolloPlanner } from '../planning/apollo-planner.js';
import type { Planner } from '../planning/planner.js';
import type { CostRules } from '../protection/cost/cost-rules.js';
import { yieldToRequests } from './yield-to-requests.js';
import { checkScalarInputs } from './scalars.js';

/** An operation that clients are known to send. */
export interface KnownOperation {
  readonly audience: string;
  readonly document: string;
}

/** All that is made of one supergraph. A request that began with a generation ends with it. */
export interface Generation<Compiled, Cost> {
  /** The beginning of the SHA-256 of the supergraph. */
  readonly id: string;
  readonly loadedAt: Date;
  readonly planners: ReadonlyMap<string, Planner>;
  readonly rules: ProtectedFields;
  /** What an operation of one of its schemas costs. */
  readonly costOf: (operation: CostInput) => Cost;
  /** What may be kept of answers. */
  readonly hints: CacheHints;
  readonly operations: Operations<Compiled, Cost>;
  /** The known operations that it cannot answer, each as `<audience> <operationName>: <reason>`. */
  readonly unanswerable: readonly string[];
}

/** A supergraph in the parts that audiences see. */
export interface SupergraphParts {
  /** For each audience what its planner is handed, without directives for security. */
  readonly sdl: Readonly<Record<string, string>>;
  readonly rules: ProtectedFields;
  readonly costs: CostRules;
  readonly hints: CacheHints;
}

export interface GenerationOptions<Compiled, Cost> {
  /** Rejects when the text is no supergraph. */
  readonly partsOf: (supergraphSdl: string) => Promise<SupergraphParts>;
  /** The services that can be asked. */
  readonly services: ReadonlySet<string>;
  readonly stages: (parts: SupergraphParts) => Stages<Compiled, Cost>;
  /** Prepared at once, and kept prepared. */
  readonly knownOperations: readonly KnownOperation[];
  /** About how much memory the prepared operations of a generation may take. */
  readonly maxBytes: number;
  readonly logger: Logger;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
}

/** How often the log tells of progress: each so many operations. */
const operationsPerReport = 50;

/** A short name for a supergraph, the same for the same text. */
export function supergraphId(supergraphSdl: string): string {
  return createHash('sha256').update(supergraphSdl).digest('hex').slice(0, 12);
}

/**
 * Loads a supergraph for each audience and prepares the known operations. Between steps others have their turn.
 *
 * Rejects with an Error that says what is wrong when it cannot be loaded, or names a service that has no address.
 */
export async function createGeneration<Compiled, Cost>(
  supergraphSdl: string,
  options: GenerationOptions<Compiled, Cost>,
): Promise<Generation<Compiled, Cost>> {
  const id = supergraphId(supergraphSdl);
  const parts = await options.partsOf(supergraphSdl);
  const { sdl, rules, hints } = parts;
  const stages = options.stages(parts);
  const planners = new Map<string, Planner>();
  for (const [audience, text] of Object.entries(sdl)) {
    const planner = await loadApolloPlanner(text, yieldToRequests);
    assertAddresses(planner, options.services);
    checkScalarInputs(planner.apiSchema);
    planners.set(audience, planner);
    await yieldToRequests();
  }
  const operations = createOperations({
    planners,
    rules,
    stages,
    maxBytes: options.maxBytes,
    onUnplannable: ({ audience, operation, hash }, error) => {
      const operationName = operation.name?.value;
      const detail = causeOf(error);
      options.logger.warn(
        { supergraph: id, audience, operationName, hash, detail },
        'An operation has no plan',
      );
    },
  });
  const knownOperations = options.knownOperations.filter(({ audience }) => planners.has(audience));
  const unanswerable = await warm(operations, id, { ...options, knownOperations });
  const { cost: costOf } = stages;
  const loadedAt = new Date(options.now());
  return { id, loadedAt, planners, rules, costOf, hints, operations, unanswerable };
}

/** Prepares the known operations one by one, with progress in the log. */
async function warm<Compiled, Cost>(
  operations: Operations<Compiled, Cost>,
  id: string,
  { knownOperations, logger }: GenerationOptions<Compiled, Cost>,
): Promise<readonly string[]> {
  const unanswerable: string[] = [];
  const total = knownOperations.length;
  for (const [index, { audience, document }] of knownOperations.entries()) {
    const { errors } = operations.keep({ audience, source: document });
    if (errors !== undefined)
      unanswerable.push(`${audience} ${nameOf(document)}: ${errors.map(({ message }) => message).join(' ')}`);
    const done = index + 1;
    if (done % operationsPerReport === 0 || done === total) {
      const { bytes } = operations.size();
      logger.info(
        { event: 'operations-prepared', supergraph: id, done, total, bytes },
        'Operations are prepared',
      );
    }
    await yieldToRequests();
  }
  return unanswerable;
}

/** The name of a known operation, or for one without a name the beginning of its text. */
function nameOf(document: string): string {
  return /\b(?:query|mutation)\s+(\w+)/.exec(document)?.[1] ?? document.slice(0, 40);
}

function assertAddresses({ services }: Planner, addresses: ReadonlySet<string>): void {
  const missing = services.filter((name) => !addresses.has(name));
  if (missing.length === 0) return;
  throw new Error(`The supergraph names services that have no address: ${missing.join(', ')}`);
}

function causeOf({ cause, originalError }: GraphQLError): string {
  const inner: unknown =
    cause instanceof Error && 'originalError' in cause ? cause.originalError : originalError;
  return inner instanceof Error ? inner.message : String(inner ?? cause);
}
