import { isDeepStrictEqual } from 'node:util';
import { cacheHints } from '@fulfillment/schema/audience';
import { getVariableValues, parse, type GraphQLError } from 'graphql';
import pino from 'pino';
import { compile, type CompiledOperation } from '../../src/execution/compile.js';
import type { SubgraphAnswer, SubgraphFetch } from '../../src/execution/subgraph-fetch.js';
import { serviceAddresses } from '../../src/planning/supergraph-document.js';
import { readCostRules } from '../../src/protection/cost/cost-rules.js';
import { createGeneration } from '../../src/supergraph/generation.js';
import type { AuditTest, Suite } from './suites.js';

export interface Verdict {
  readonly query: string;
  /** Absent when the answer is right. */
  readonly problem?: string;
}

const audience = 'everybody';

/** Loads a suite's supergraph as the gateway does, for one audience that may see all of it. */
export async function loadSuite({ supergraphSdl }: Suite): Promise<(test: AuditTest) => Promise<Verdict>> {
  const addresses = serviceAddresses(parse(supergraphSdl));
  const { operations } = await createGeneration<CompiledOperation<null>, null>(supergraphSdl, {
    partsOf: async () => ({
      sdl: { [audience]: supergraphSdl },
      rules: new Map(),
      costs: readCostRules(supergraphSdl),
      hints: cacheHints(supergraphSdl),
    }),
    services: new Set(addresses.keys()),
    stages: () => ({
      compile: ({ supergraphSchema: supergraph, ...input }) => compile<null>({ ...input, supergraph }),
      cost: () => null,
    }),
    knownOperations: [],
    maxBytes: 100_000_000,
    logger: pino({ level: 'silent' }),
    now: Date.now,
  });
  const fetchFrom = askOver(addresses);

  const answer = async (source: string) => {
    const { prepared, errors } = operations.prepare({ source, audience, scopes: new Set() });
    if (errors !== undefined) return { data: null, errors };
    const { coerced } = getVariableValues(prepared.schema, prepared.operation.variableDefinitions ?? [], {});
    const result = await prepared.compiled.execute({
      variables: coerced ?? {},
      context: null,
      fetch: fetchFrom,
    });
    return { data: JSON.parse(result.data) as unknown, errors: result.errors };
  };
  return async (test) => ({ query: test.query, ...problemOf(test, await answer(test.query)) });
}

function problemOf(
  { expected }: AuditTest,
  { data, errors }: { readonly data: unknown; readonly errors: readonly GraphQLError[] },
): Pick<Verdict, 'problem'> {
  const hasErrors = errors.length > 0;
  const isRight =
    isDeepStrictEqual(data, expected.data ?? null) &&
    (expected.errors === undefined || expected.errors === hasErrors);
  if (isRight) return {};
  const got = `${JSON.stringify(data)} ${errors.map(({ message }) => message).join(' ')}`;
  return { problem: `got  ${got}\nwant ${JSON.stringify(expected.data)} errors: ${String(expected.errors)}` };
}

/** The audit's services have an address each and ask for no token. */
function askOver(addresses: ReadonlyMap<string, string>): SubgraphFetch<null> {
  return async ({ fetch: { serviceName, operation, operationName }, variables, representations }) => {
    const address = addresses.get(serviceName);
    if (address === undefined) throw new Error(`There is no service ${serviceName}`);
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        query: operation,
        operationName,
        variables: representations === undefined ? variables : { ...variables, representations },
      }),
    });
    return (await response.json()) as SubgraphAnswer;
  };
}
