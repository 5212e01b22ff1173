import type { FastifyRequest } from 'fastify';
import {
  type ExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  OperationTypeNode,
} from 'graphql';
import type { RequestFreshness } from '../freshness.js';
import { inRequestScope, type RequestScope } from '../request-scope.js';
import type { KnownOperations } from './known-operations.js';
import { plainRequest } from './plain-request.js';

/** What resolvers are given, and what they tell their freshness to. */
export interface PreparedContext<Context extends object> {
  readonly context: Context;
  readonly freshness: RequestFreshness;
}

export interface StraightOptions<Context extends object> {
  readonly known: KnownOperations;
  /** Undefined for a request without a valid viewer token. */
  readonly prepare: (request: FastifyRequest) => Promise<PreparedContext<Context> | undefined>;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

/**
 * Answers a query or a mutation that the server has found valid before, without the server, which has nothing to add to it.
 * @returns the body of the answer, in JSON. Undefined, with no field resolved, for every other request, and for one without
 *   a viewer or whose variables do not fit: the server tells of that.
 */
export type AnswerStraight = (request: FastifyRequest) => Promise<string | undefined>;

export function createStraightAnswers<Context extends object>(
  options: StraightOptions<Context>,
): AnswerStraight {
  const { known, prepare, formatError } = options;
  return async (request) => {
    const asked = plainRequest(request.headers, request.body);
    const operation = asked && known.find(asked.query, asked.operationName);
    if (operation === undefined) return undefined;
    const prepared = await prepare(request);
    if (prepared === undefined) return undefined;

    const { scope } = request;
    if (scope.record) scope.record.asked = operation.asked;
    const isMutation = operation.kind === OperationTypeNode.MUTATION;
    const execute = () => operation.execution.execute(prepared.context, asked?.variables ?? {});
    if (!isMutation) scope.cancellation?.allow();
    const result = await (isMutation ? inRequestScope(scope, execute) : execute());
    if (result.data === undefined) return undefined;
    const freshness = isMutation ? null : prepared.freshness;
    return textOf(result, freshness, (errors) => shownOf(errors, scope, formatError));
  };
}

/** The body of the answer, as the server writes it: one with errors, and that of a mutation, is nobody's to keep. */
function textOf(
  { data, errors }: ExecutionResult,
  freshness: RequestFreshness | null,
  shown: (errors: readonly GraphQLError[]) => readonly GraphQLFormattedError[],
): string {
  if (errors !== undefined) return `${JSON.stringify({ errors: shown(errors), data })}\n`;
  const holds = freshness?.answer() ?? null;
  return `${JSON.stringify(holds === null ? { data } : { data, extensions: { freshness: holds } })}\n`;
}

function shownOf(
  errors: readonly GraphQLError[],
  scope: RequestScope,
  formatError: StraightOptions<object>['formatError'],
): readonly GraphQLFormattedError[] {
  return inRequestScope(scope, () =>
    errors.map((error) => {
      const { extensions = {}, ...place } = error.toJSON();
      return formatError({ ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', ...extensions } }, error);
    }),
  );
}
