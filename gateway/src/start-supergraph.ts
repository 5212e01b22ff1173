import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from './context.js';
import type { GatewayEnvironment } from './environment.js';
import { compile } from './execution/compile.js';
import type { CostInput } from './operation/prepare.js';
import type { CompileInput } from './operation/prepared-operation.js';
import { describeRequirement } from './protection/authorization/access.js';
import { compileCost, type OperationCost } from './protection/cost/compile-cost.js';
import { CostModel } from './protection/cost/cost-model.js';
import type { CostRules } from './protection/cost/cost-rules.js';
import type { Safelist } from './protection/safelist/safelist.js';
import type { Compiled } from './supergraph/audience-gateway.js';
import {
  createGeneration,
  type Generation,
  type GenerationOptions,
  type KnownOperation,
} from './supergraph/generation.js';
import { holdGenerations, type Generations } from './supergraph/generations.js';
import { loadSupergraph, readSupergraph } from './supergraph/load.js';
import { watchFile } from './supergraph/watch.js';

/** The supergraph in use, and what brings others in its place. */
export interface RunningSupergraph {
  readonly generations: Generations<Compiled, OperationCost>;
  /** Reads the supergraph again. Resolves when it is in use or refused. */
  readonly reload: () => Promise<void>;
  readonly stop: () => void;
}

/**
 * Loads the supergraph and from then on watches its file.
 *
 * @param safelist prepared at once, and what a new supergraph has to answer
 * @param supergraphSdl in place of the file
 * @throws Error that says why the supergraph cannot be used
 */
export async function startSupergraph(
  environment: GatewayEnvironment,
  safelist: Safelist,
  logger: Logger,
  supergraphSdl?: string,
): Promise<RunningSupergraph> {
  const { SUPERGRAPH_FILE, SUPERGRAPH_POLL_MS, OPERATION_CACHE_MB, SERVICES } = environment;
  const options: GenerationOptions<Compiled, OperationCost> = {
    partsOf: loadSupergraph,
    services: new Set(Object.keys(SERVICES)),
    stages: ({ costs }) => ({ compile: compiled, cost: costBy(costs) }),
    knownOperations: knownOperations(safelist),
    maxBytes: OPERATION_CACHE_MB * 1_000_000,
    logger,
    now: Date.now,
  };
  const read = () => readSupergraph(SUPERGRAPH_FILE);
  const first = await createGeneration(supergraphSdl ?? (await read()), options);
  warnOfUnanswerable(first, logger);
  const generations = holdGenerations(first, (sdl) => createGeneration(sdl, options), logger, Date.now);
  const reload = () => generations.offer(read);
  const watch =
    SUPERGRAPH_FILE === undefined
      ? undefined
      : await watchFile(SUPERGRAPH_FILE, SUPERGRAPH_POLL_MS, () => void reload());
  return { generations, reload, stop: () => watch?.stop() };
}

function knownOperations(safelist: Safelist): readonly KnownOperation[] {
  return [...safelist].flatMap(([audience, documents]) =>
    [...documents.values()].map((document) => ({ audience, document })),
  );
}

/** At the start there is nothing to fall back on: what can be answered is. */
function warnOfUnanswerable(first: Generation<Compiled, OperationCost>, logger: Logger): void {
  const { id, unanswerable } = first;
  if (unanswerable.length === 0) return;
  logger.warn(
    { supergraph: id, unanswerable },
    'The supergraph does not answer operations that clients send',
  );
}

/** What operations cost: one model for each schema, and each operation compiled once. */
function costBy(rules: CostRules): (operation: CostInput) => OperationCost {
  const models = new WeakMap<GraphQLSchema, CostModel>();
  const costs = new WeakMap<OperationDefinitionNode, OperationCost>();
  return ({ schema, document, operation }) => {
    const known = costs.get(operation);
    if (known !== undefined) return known;
    const model = models.get(schema) ?? new CostModel(schema, rules);
    models.set(schema, model);
    const cost = compileCost(model, document, operation);
    costs.set(operation, cost);
    return cost;
  };
}

function compiled(input: CompileInput, { tally }: OperationCost): Compiled {
  const { schema, supergraphSchema, document, operation, plan, judge } = input;
  return compile<GatewayContext>({
    schema,
    supergraph: supergraphSchema,
    document,
    operation,
    plan,
    tally,
    denied: (typeName, fieldName) => {
      const unmet = judge(typeName, fieldName);
      if (unmet === null) return null;
      return `The token may not see ${typeName}.${fieldName}: it needs ${describeRequirement(unmet)}.`;
    },
  });
}
