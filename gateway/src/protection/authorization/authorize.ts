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

interface Reduced extends FilteredOperation {
  readonly judge: Judge;
  readonly source: string;
  /** Identifies the filtered text to the cache of query plans. */
  readonly queryHash: string;
}

/** What becomes of an operation for a set of scopes; null: it may be seen whole. */
interface Verdict {
  readonly reduced: Reduced | null;
}

/** Verdicts are remembered for this many characters of queries, since a reduced operation is as large as its text. */
const rememberedCharacters = 2_000_000;

/**
 * Enforces the access rules around an executor: what the viewer may not see is never asked of a service (a mutation is
 * never executed), is null in the answer and carries an `UNAUTHORIZED_FIELD_OR_TYPE` error at each position.
 */
export function authorizing(execute: GatewayExecutor, rules: ProtectedFields): GatewayExecutor {
  const relevant = scopesOf(rules);
  const verdicts = new LRUCache<string, Verdict>({ maxSize: rememberedCharacters });

  const verdictOf = (request: RequestContext): Verdict => {
    const scopes = [...request.context.viewer.scopes].filter((scope) => relevant.has(scope)).sort();
    const key = JSON.stringify([request.queryHash, request.operationName, scopes]);
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = { reduced: reduce(request, createJudge(rules, new Set(scopes))) };
    verdicts.set(key, verdict, { size: key.length + (verdict.reduced === null ? 0 : request.source.length) });
    return verdict;
  };

  return async (requestContext) => {
    const request = requestContext as RequestContext;
    const { reduced } = verdictOf(request);
    return reduced === null ? execute(requestContext) : runReduced(execute, request, reduced);
  };
}

function reduce(request: RequestContext, judge: Judge): Reduced | null {
  const filtered = filterOperation(request.schema, request.document, request.operation, judge);
  if (!filtered.removed) return null;
  const source = print(filtered.document);
  return { ...filtered, judge, source, queryHash: createHash('sha256').update(source).digest('hex') };
}

async function runReduced(
  execute: GatewayExecutor,
  request: RequestContext,
  reduced: Reduced,
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
    document: reduced.document,
    operation: reduced.operation,
    source: reduced.source,
    queryHash: reduced.queryHash,
  });
  if (answer.data === null || answer.data === undefined) return answer;
  const original = { schema, document, operation, variables: variables.coerced };
  const completed = completeAnswer(original, answer.data, reduced.judge);
  return { ...answer, data: completed.data, errors: [...(answer.errors ?? []), ...completed.errors] };
}
