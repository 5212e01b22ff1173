import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan as ApolloPlan } from '@apollo/query-planner';
import { getOperationAST, parse, type DocumentNode, type GraphQLSchema } from 'graphql';
import { planProblem } from './check/plan-check.js';
import { SupergraphFacts } from './check/supergraph-facts.js';
import { renameAliases } from './data-keys.js';
import type { Planner } from './planner.js';
import type { PlanNode, QueryPlan } from './query-plan.js';
import { withStandIns } from './required-arguments.js';
import { withoutUnresolvableKeys } from './resolvable-keys.js';
import { restoreRequiredArguments } from './restore-arguments.js';
import { fieldsTypes, serviceNames } from './supergraph-document.js';
import { unplannable } from './unplannable.js';
import { renameVariables } from './variable-names.js';

/** The most plans that are compared for one operation: more keep the process from everything else for seconds. */
const comparedPlans = 2_000;

/**
 * Plans with Apollo's planner, which is handed a supergraph in which what it gets wrong cannot arise
 * (`resolvable-keys.ts`, `required-arguments.ts`), and operations likewise (`data-keys.ts`).
 *
 * @param supergraphSdl a supergraph without directives for security
 * @throws GraphQLError or Error when it is no supergraph, or needs what the planner does not know
 */
export function createApolloPlanner(supergraphSdl: string): Planner {
  const steps = loading(supergraphSdl);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** The same, with a pause between the steps: all together they take the better part of a second. */
export async function loadApolloPlanner(supergraphSdl: string, pause: () => Promise<void>): Promise<Planner> {
  const steps = loading(supergraphSdl);
  let step = steps.next();
  while (step.done !== true) {
    await pause();
    step = steps.next();
  }
  return step.value;
}

function* loading(supergraphSdl: string): Generator<void, Planner> {
  const document = parse(supergraphSdl, { noLocation: true });
  const original = Supergraph.build(document);
  yield;
  const apiSchema = original.apiSchema().toGraphQLJSSchema();
  yield;
  const supergraphSchema = original.schema.toGraphQLJSSchema();
  yield;
  const prepared = withStandIns(withoutUnresolvableKeys(document));
  yield;
  // Checked above; what it is handed now is no composition of services, and would fail the check for that alone.
  const supergraph = Supergraph.build(prepared.document, { validateSupergraph: false });
  const plannable = supergraph.apiSchema();
  yield;
  const services = new Map<string, GraphQLSchema>();
  for (const { name, schema } of supergraph.subgraphs()) {
    services.set(name, schema.toGraphQLJSSchema());
    yield;
  }
  const facts = new SupergraphFacts(document, supergraphSchema, services);
  const planner = new QueryPlanner(supergraph, {
    reuseQueryFragments: false,
    debug: { maxEvaluatedPlans: comparedPlans },
  });
  const names = fieldNames(prepared.document);
  return {
    services: [...serviceNames(document).values()],
    apiSchema,
    supergraphSchema,
    plan: (client, operationName) => {
      const { document: renamed, renamedAliases } = renameAliases(renameVariables(client), names);
      const named = operationName === undefined ? {} : { operationName };
      const made = toPort(
        planned(() => planner.buildQueryPlan(operationFromDocument(plannable, renamed, named))),
      );
      const node = made.node && restoreRequiredArguments(made.node, prepared.required);
      const operation = getOperationAST(renamed, operationName);
      const problem = operation && planProblem(facts, renamed, operation, node);
      if (typeof problem === 'string') throw unplannable(new Error(problem));
      return { ...(node && { node }), ...(renamedAliases.length > 0 && { renamedAliases }) };
    },
  };
}

/** What the planner throws at an operation for which it has no plan, or which is beyond its limits, is for its makers. */
function planned(build: () => ApolloPlan): ApolloPlan {
  try {
    return build();
  } catch (error) {
    throw unplannable(error);
  }
}

/** The names of all fields: whatever a planner adds to an operation is among them. */
function fieldNames(supergraph: DocumentNode): ReadonlySet<string> {
  const names = [...fieldsTypes(supergraph).values()].flatMap(({ fields }) =>
    (fields ?? []).map(({ name }) => name.value),
  );
  return new Set(['__typename', ...names]);
}

/** `@defer` and subscriptions are planned for nobody: neither is in an API schema. */
function toPort({ node }: ApolloPlan): QueryPlan {
  return node === undefined ? {} : { node: node as PlanNode };
}
