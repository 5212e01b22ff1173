import { GraphQLError } from 'graphql';
import type { ProtectedFields } from '@fulfillment/schema/audience';
import { gatewayError } from '../errors.js';
import type { Planner } from '../planning/planner.js';
import { createJudge } from '../protection/authorization/access.js';
import { filterOperation } from '../protection/authorization/filter.js';
import type { CompileInput, Preparation, PreparedOperation, ValidOperation } from './prepared-operation.js';

/** What the cost of an operation depends on. */
export type CostInput = Pick<ValidOperation, 'schema' | 'document' | 'operation'>;

/** What makes an operation ready to be run, beside its plan. */
export interface Stages<Compiled, Cost> {
  /** Given the same operation it gives the same cost. */
  readonly cost: (operation: CostInput) => Cost;
  readonly compile: (input: CompileInput, cost: Cost) => Compiled;
}

/**
 * The scopes that make a difference to an operation: those that a rule of any of its fields names. For two viewers who
 * have the same of them, the operation is the same.
 */
export function relevantScopes(operation: ValidOperation, rules: ProtectedFields): ReadonlySet<string> {
  const scopes = new Set<string>();
  filterOperation(operation.schema, operation.document, operation.operation, (typeName, fieldName) => {
    const requirement = rules.get(typeName)?.get(fieldName);
    for (const scope of requirement?.scopes.flat() ?? []) scopes.add(scope);
    return null;
  });
  return scopes;
}

/**
 * Takes out of a valid operation what a viewer with these scopes may not see, plans the rest, and compiles it.
 *
 * @returns the error `QUERY_CANNOT_BE_PLANNED` when the planner finds no right way to answer it
 */
export function prepareOperation<Compiled, Cost>(
  operation: ValidOperation,
  scopes: ReadonlySet<string>,
  planner: Planner,
  rules: ProtectedFields,
  stages: Stages<Compiled, Cost>,
): Preparation<PreparedOperation<Compiled, Cost>> {
  const judge = createJudge(rules, scopes);
  const { document, operation: allowed } = filterOperation(
    operation.schema,
    operation.document,
    operation.operation,
    judge,
  );
  try {
    const plan = planner.plan(document, allowed.name?.value);
    const input = { ...operation, supergraphSchema: planner.supergraphSchema, plan, judge };
    const cost = stages.cost(operation);
    return { prepared: { ...input, compiled: stages.compile(input, cost), cost } };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { errors: [gatewayError('QUERY_CANNOT_BE_PLANNED', error.message, { cause: error })] };
  }
}
