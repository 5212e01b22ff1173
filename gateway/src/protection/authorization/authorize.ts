import { createHash } from 'node:crypto';
import type { ProtectedFields } from '@fulfillment/schema/audience';
import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import { getVariableValues, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { GatewayContext } from '../../context.js';
import { createJudge, scopesOf, type Judge } from './access.js';
import { completeAnswer } from './complete.js';
import { filterOperation, type FilteredOperation } from './filter.js';

type RequestContext = GatewayGraphQLRequestContext<GatewayContext>;

interface Verdict {
  readonly judge: Judge;
  readonly filtered: FilteredOperation;
  /** Identifies the filtered text to the cache of query plans. */
  readonly queryHash: string;
}

const rememberedVerdicts = 1_000;

/**
 * Enforces the access rules around an executor: what the viewer may not see is never asked of a service (a mutation is
 * never executed), is null in the answer and carries an `UNAUTHORIZED_FIELD_OR_TYPE` error at each position.
 */
export function authorizing(execute: GatewayExecutor, rules: ProtectedFields): GatewayExecutor {
  const verdicts = new LRUCache<string, Verdict>({ max: rememberedVerdicts });
  const relevant = scopesOf(rules);

  const verdictOf = (request: RequestContext): Verdict => {
    const scopes = [...request.context.viewer.scopes].filter((scope) => relevant.has(scope)).sort();
    const key = JSON.stringify([request.queryHash, request.operationName, scopes]);
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = judgeOperation(request, createJudge(rules, new Set(scopes)));
    verdicts.set(key, verdict);
    return verdict;
  };

  return async (requestContext) => {
    const request = requestContext as RequestContext;
    const verdict = verdictOf(request);
    if (!verdict.filtered.removed) return execute(requestContext);
    return runFiltered(execute, request, verdict);
  };
}

function judgeOperation(request: RequestContext, judge: Judge): Verdict {
  const filtered = filterOperation(request.schema, request.document, request.operation, judge);
  const queryHash = createHash('sha256').update(print(filtered.document)).digest('hex');
  return { judge, filtered, queryHash };
}

async function runFiltered(
  execute: GatewayExecutor,
  request: RequestContext,
  { judge, filtered, queryHash }: Verdict,
): Promise<GatewayExecutionResult> {
  const { schema, document, operation } = request;
  const variables = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    request.request.variables ?? {},
  );
  if (variables.errors !== undefined) return { errors: variables.errors };

  const answer = await execute({
    ...request,
    document: filtered.document,
    operation: filtered.operation,
    source: print(filtered.document),
    queryHash,
  });
  if (answer.data === null || answer.data === undefined) return answer;
  const completed = completeAnswer(
    { schema, document, operation, variables: variables.coerced },
    answer.data,
    judge,
  );
  return { ...answer, data: completed.data, errors: [...(answer.errors ?? []), ...completed.errors] };
}
