import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.js';
import { gatewayError } from '../errors.js';
import { estimateRows } from './row-estimate.js';

/** The most rows that one operation may ask for. */
export const rowLimit = 10_000;

/** Refuses a valid operation that no service should be asked to carry out, before any is asked. */
export function operationCheckPlugin(): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      async didResolveOperation({ schema, document, operation, request }) {
        if (!operation) return;
        if (!schema.getRootType(operation.operation)) {
          throw gatewayError(
            'GRAPHQL_VALIDATION_FAILED',
            `There is no ${operation.operation} to be asked here.`,
          );
        }
        const rows = estimateRows(schema, document, operation, request.variables ?? {});
        if (rows <= rowLimit) return;
        throw gatewayError(
          'QUERY_TOO_EXPENSIVE',
          `The operation asks for up to ${rows.toLocaleString('en-US')} rows; ${rowLimit.toLocaleString('en-US')} are ` +
            'allowed. Ask for smaller pages (`first`, `last`), above all of lists below lists.',
        );
      },
    }),
  };
}
