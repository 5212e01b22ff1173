import type { GraphQLFormattedError } from 'graphql';
import { z } from 'zod';
import type { SubgraphAnswer } from '../execution/subgraph-fetch.js';
import { ServiceFailure } from './failure.js';

const errorsSchema = z.array(
  z.looseObject({
    message: z.string(),
    path: z.array(z.union([z.string(), z.number()])).optional(),
    extensions: z.record(z.string(), z.unknown()).optional(),
  }),
);

/** Codes with which a service says that the gateway's own request was wrong: no client can mend that. */
const gatewayAtFault = new Set([
  'UNAUTHENTICATED',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
]);

/** The code with which a service says that the time it was given is over. */
const deadlineExceeded = 'DEADLINE_EXCEEDED';

/**
 * Reads the body of a service's response and checks it as far as execution relies on it.
 *
 * @param entities how many entities were asked for; undefined when the request was for root fields
 * @throws ServiceFailure for what is no GraphQL answer, or one to a request that the gateway should not have sent
 */
export function readAnswer(status: number, text: string, entities: number | undefined): SubgraphAnswer {
  const body = parseJson(text);
  const errors = isRecord(body) ? errorsOf(body['errors']) : undefined;
  const given = isRecord(body) ? body['data'] : undefined;
  if (errors === undefined || !isData(given) || (given === undefined && errors.length === 0)) {
    const code = status >= 502 && status <= 504 ? 'SERVICE_UNAVAILABLE' : 'SERVICE_BAD_RESPONSE';
    throw new ServiceFailure(code, `HTTP ${status} with a body that is no GraphQL answer`);
  }
  if (errors.length > 0) refuseFaults(errors);
  const data = entities === undefined ? given : entitiesOf(given, entities, errors);
  if (errors.length === 0) return { data: data ?? null, ...extensionsOf(body) };
  return { ...(data === undefined ? {} : { data }), errors };
}

/** What a service says beside its data; of the wrong form it is as if it were not there. */
function extensionsOf(body: unknown): Pick<SubgraphAnswer, 'extensions'> {
  const extensions = isRecord(body) ? body['extensions'] : undefined;
  return isRecord(extensions) ? { extensions } : {};
}

/** The list of errors, empty when there is none; undefined when it is no list of errors. */
function errorsOf(errors: unknown): readonly GraphQLFormattedError[] | undefined {
  if (errors === undefined || errors === null) return [];
  const parsed = errorsSchema.safeParse(errors);
  return parsed.success ? (parsed.data as readonly GraphQLFormattedError[]) : undefined;
}

function refuseFaults(errors: readonly GraphQLFormattedError[]): void {
  for (const { message, extensions } of errors) {
    const code = String(extensions?.['code']);
    if (code === deadlineExceeded) throw new ServiceFailure('SERVICE_TIMEOUT', 'the service ran out of time');
    if (gatewayAtFault.has(code)) throw new ServiceFailure('SERVICE_BAD_RESPONSE', `${code}: ${message}`);
  }
}

function entitiesOf(
  data: Record<string, unknown> | null | undefined,
  expected: number,
  errors: readonly GraphQLFormattedError[],
): Record<string, unknown> | null {
  const found = data?.['_entities'];
  if (Array.isArray(found) && found.length === expected) return data ?? null;
  if (errors.length > 0) return null;
  throw new ServiceFailure('SERVICE_BAD_RESPONSE', `no list of ${expected} entities in the answer`);
}

function isData(data: unknown): data is Record<string, unknown> | null | undefined {
  return data === undefined || data === null || isRecord(data);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
