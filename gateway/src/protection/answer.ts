import type { GatewayExecutionResult, GatewayExecutor } from '@apollo/server-gateway-interface';
import { GraphQLError } from 'graphql';

/**
 * Puts an executor's answers into the form that clients get: a request that names no operation is refused, a service
 * that failed is told of once, and notes of the executor's own go.
 */
export function answering(execute: GatewayExecutor): GatewayExecutor {
  return async (request) => {
    const chosen: unknown = request.operation; // undefined at run time when operationName chooses none
    if (chosen === undefined) return { errors: [noOperation(request.request.operationName)] };
    return tidy(await execute(request));
  };
}

/**
 * `extensions.valueCompletion` is dropped: @apollo/gateway notes there that a field is null that may not be. This is
 * how a reference that the viewer may not see becomes null, so it is no fault.
 */
function tidy(answer: GatewayExecutionResult): GatewayExecutionResult {
  const { errors, extensions, ...rest } = answer;
  const { valueCompletion: _, ...kept } = (extensions ?? {}) as Record<string, unknown>;
  return {
    ...rest,
    ...(errors === undefined || errors.length === 0 ? {} : { errors: onceForEachService(errors) }),
    ...(Object.keys(kept).length === 0 ? {} : { extensions: kept }),
  };
}

/** A plan may ask a service several times; that it is down is said once. */
function onceForEachService(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const told = new Set<string>();
  return errors.filter(({ extensions, path }) => {
    if (path !== undefined || extensions?.['service'] === undefined) return true;
    const failure = JSON.stringify([extensions['code'], extensions['service']]);
    if (told.has(failure)) return false;
    told.add(failure);
    return true;
  });
}

function noOperation(operationName: string | undefined): GraphQLError {
  return new GraphQLError(
    operationName === undefined
      ? 'The query holds several operations: choose one by operationName.'
      : `The query holds no operation named "${operationName}".`,
  );
}
