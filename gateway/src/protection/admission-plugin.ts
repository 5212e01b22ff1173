import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.js';
import { gatewayError } from '../errors.js';
import type { Admission, Admit } from './admit.js';
import type { BudgetSize } from './budget/token-bucket.js';
import { compileCost, type OperationCost } from './cost/compile-cost.js';
import { CostModel } from './cost/cost-model.js';
import type { CostRules } from './cost/cost-rules.js';

export interface AdmissionOptions {
  readonly admit: Admit;
  /** What fields of a schema cost. */
  readonly rulesOf: (schema: GraphQLSchema) => CostRules;
  /** Whose budget a request's cost comes from. */
  readonly spender: (context: GatewayContext) => {
    readonly holder: string;
    readonly budget: BudgetSize | undefined;
  };
}

/**
 * Admits valid operations before any service is asked; a cost is compiled once. What an operation cost is told to who
 * asks by `"extensions": {"cost": true}`: equal requests otherwise have equal answers.
 */
export function admissionPlugin(options: AdmissionOptions): ApolloServerPlugin<GatewayContext> {
  const { admit, rulesOf, spender } = options;
  const models = new WeakMap<GraphQLSchema, CostModel>();
  const costs = new WeakMap<OperationDefinitionNode, OperationCost>();

  return {
    requestDidStart: async ({ request, contextValue }) => {
      let admission: Admission | undefined;
      return {
        async didResolveOperation({ schema, document, operation }) {
          if (!operation) return;
          if (!schema.getRootType(operation.operation)) {
            throw gatewayError(
              'GRAPHQL_VALIDATION_FAILED',
              `There is no ${operation.operation} to be asked here.`,
            );
          }
          const model = models.get(schema) ?? new CostModel(schema, rulesOf(schema));
          models.set(schema, model);
          const cost = costs.get(operation) ?? compileCost(model, document, operation);
          costs.set(operation, cost);
          admission = await admit({ cost, variables: request.variables ?? {}, ...spender(contextValue) });
        },
        async willSendResponse({ response }) {
          if (admission === undefined || response.body.kind !== 'single') return;
          const result = response.body.singleResult;
          const report = admission.settle(result.data);
          contextValue.record.cost = { estimate: report.estimate, actual: report.actual };
          if (request.extensions?.['cost'] !== true) return;
          result.extensions = { ...result.extensions, cost: report };
        },
      };
    },
  };
}
