import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { Tally } from '../../execution/tally.js';
import { compileTally, countAnswer } from './actual.js';
import { evaluate, type Variables } from './amount.js';
import type { CostModel } from './cost-model.js';
import { Estimate } from './estimate.js';

/** What one operation costs, compiled once. */
export interface OperationCost {
  /**
   * The most that the operation can cost with these variables. A number over every limit for absurd lengths, never
   * NaN. Throws `BAD_USER_INPUT` where `@listSize` requires one slicing argument and another number of them is given.
   */
  readonly estimate: (variables: Variables) => number;
  /** What its answer (`data` of the response; null and undefined cost nothing) did cost. */
  readonly actual: (data: unknown, variables: Variables) => number;
  /** What adds up to the actual cost, for whoever counts an answer while it is written. */
  readonly tally: Tally;
}

/**
 * Compiles what an operation costs, by the cost directives: before it runs, from the lengths that its lists may have,
 * and after it, from the answer. Only what depends on variables is worked out for each request.
 *
 * @param document valid for the model's schema, and within the limits of depth and size
 */
export function compileCost(
  model: CostModel,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationCost {
  const estimate = new Estimate(model, document, operation);
  const amount = estimate.compile();
  const tally = compileTally(model, document, operation, estimate);
  return {
    estimate: (variables) => evaluate(amount, variables),
    actual: (data, variables) => countAnswer(data, tally, variables),
    tally,
  };
}
