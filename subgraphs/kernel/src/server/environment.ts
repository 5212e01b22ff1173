import { telemetryVariables } from '@fulfillment/telemetry/environment';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** A JSON Web Key Set written inline as JSON. */
const jsonWebKeySet = z.string().transform((text, context) => {
  try {
    return z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) }).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a JSON Web Key Set: {"keys":[…]}' });
    return z.NEVER;
  }
});

/** What every subgraph reads from its environment. */
export const serviceEnvironmentSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port,
  DATABASE_URL: z.url(),
  BUS_DATABASE_URL: z.url(),
  VIEWER_JWKS: jsonWebKeySet,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  ...telemetryVariables,
  /** Fault tests alone: the checkpoint at which the process kills itself. */
  KILL_AT: z.string().optional(),
});

export type ServiceEnvironment = z.infer<typeof serviceEnvironmentSchema>;

/**
 * Validates a process's environment.
 * @throws EnvironmentError that lists every problem by variable, so that one look mends them all. Values are not shown.
 */
export function parseEnvironment<T extends z.ZodType>(schema: T, source: NodeJS.ProcessEnv): z.infer<T> {
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new EnvironmentError(`The environment is not complete:\n${problems.join('\n')}`);
}

/** The environment lacks something or holds something of the wrong form. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
}
