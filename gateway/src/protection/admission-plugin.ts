import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.js';
import { gatewayError } from '../errors.js';
import type { CostInput } from '../operation/prepare.js';
import type { Admission, Admit } from './admit.js';
import type { BudgetSize } from './budget/token-bucket.js';
import type { OperationCost } from './cost/compile-cost.js';

export interface AdmissionOptions {
  readonly admit: Admit;
  readonly costOf: (operation: CostInput) => OperationCost;
  /** Whose budget a request's cost comes from. */
  readonly spender: (context: GatewayContext) => {
    readonly holder: string;
    readonly budget: BudgetSize | undefined;
  };
}

/**
 * Admits valid operations before any service is asked. What an operation cost is told to who
 * asks by `"extensions": {"cost": true}`: equal requests otherwise have equal answers.
 */
export function admissionPlugin(options: AdmissionOptions): ApolloServerPlugin<GatewayContext> {
  const { admit, costOf, spender } = options;

  return {
    requestDidStart: async ({ request, contextValue }) => {
      const variables = request.variables ?? {};
      let admission: Admission | undefined;
      let cost: OperationCost | undefined;
      return {
        async didResolveOperation({ schema, document, operation }) {
          if (!operation) return;
          if (!schema.getRootType(operation.operation)) {
            throw gatewayError(
              'GRAPHQL_VALIDATION_FAILED',
              `There is no ${operation.operation} to be asked here.`,
            );
          }
          cost = costOf({ schema, document, operation });
          admission = await admit({ cost, variables, ...spender(contextValue) });
        },
        async willSendResponse({ response }) {
          if (admission === undefined || response.body.kind !== 'single') return;
          const result = response.body.singleResult;
          const { record } = contextValue;
          // A plugin may have answered in place of the services.
          const actual = record.executed?.count ?? cost?.actual(result.data, variables) ?? 0;
          const report = admission.settle(actual);
          record.cost = { estimate: report.estimate, actual: report.actual };
          if (request.extensions?.['cost'] !== true) return;
          result.extensions = { ...result.extensions, cost: report };
        },
      };
    },
  };
}
