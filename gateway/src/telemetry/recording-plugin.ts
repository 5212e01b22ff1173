import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.js';
import { isMasked } from '../protection/error-format.js';
import { withTraceIds } from '@fulfillment/telemetry/traced-errors';

/** Notes what the request's line in the log says, and logs the causes of errors that clients see masked. */
export function recordingPlugin(logger: Logger): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ contextValue, operation, operationName }) => {
        if (operationName !== null) contextValue.record.operationName = operationName;
        if (operation !== undefined) contextValue.record.operationType = operation.operation;
      },
      didEncounterErrors: async ({ contextValue, errors }) => {
        for (const error of errors.filter(isUnexpected)) {
          logger.error(
            { requestId: contextValue.requestId, traceId: contextValue.trace.traceId, err: causeOf(error) },
            'A request failed inside the gateway',
          );
        }
      },
      willSendResponse: async ({ contextValue, response }) => {
        if (response.body.kind !== 'single') return;
        const result = response.body.singleResult;
        const { errors } = result;
        const { record } = contextValue;
        record.hasData = record.executed?.hasData ?? (result.data !== null && result.data !== undefined);
        for (const { extensions } of errors ?? []) record.codes.add(String(extensions?.['code']));
        if (errors !== undefined) result.errors = withTraceIds(errors, contextValue.trace.traceId);
      },
    }),
  };
}

/** The server also lists plain errors. */
function isUnexpected(error: unknown): boolean {
  return !(error instanceof GraphQLError) || isMasked(error);
}

function causeOf(error: GraphQLError): Error {
  return error.originalError ?? error;
}
