import type { GraphQLFormattedError } from 'graphql';
import { z } from 'zod';
import { ServiceFailure } from './failure.js';

/** What a service answered, checked as far as the planner relies on it. */
export interface ServiceAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

const answerSchema = z
  .object({
    data: z.record(z.string(), z.unknown()).nullish(),
    errors: z
      .array(
        z.looseObject({
          message: z.string(),
          path: z.array(z.union([z.string(), z.number()])).optional(),
          extensions: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .nullish(),
  })
  .refine(({ data, errors }) => data !== undefined || (errors ?? []).length > 0);

/** Codes with which a service says that the gateway's own request was wrong: no client can mend that. */
const gatewayAtFault = new Set([
  'UNAUTHENTICATED',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
]);

/**
 * Reads the body of a service's response.
 *
 * @param entities how many entities were asked for; undefined when the request was for root fields
 * @throws ServiceFailure for what is no GraphQL answer, or one to a request that the gateway should not have sent
 */
export function readAnswer(status: number, text: string, entities: number | undefined): ServiceAnswer {
  const parsed = answerSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const code = status >= 502 && status <= 504 ? 'SERVICE_UNAVAILABLE' : 'SERVICE_BAD_RESPONSE';
    throw new ServiceFailure(code, `HTTP ${status} with a body that is no GraphQL answer`);
  }
  const errors = (parsed.data.errors ?? []) as readonly GraphQLFormattedError[];
  const fault = errors.find(({ extensions }) => gatewayAtFault.has(String(extensions?.['code'])));
  if (fault !== undefined) {
    throw new ServiceFailure(
      'SERVICE_BAD_RESPONSE',
      `${String(fault.extensions?.['code'])}: ${fault.message}`,
    );
  }
  const data = entities === undefined ? parsed.data.data : entitiesOf(parsed.data.data, entities, errors);
  return { ...(data === undefined ? {} : { data }), ...(errors.length === 0 ? {} : { errors }) };
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
