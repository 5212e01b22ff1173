import { AUDIENCES } from '@fulfillment/schema/audience';
import { telemetryVariables } from '@fulfillment/telemetry/environment';
import { z } from 'zod';
import { usualAdmissionRules } from './protection/overload/admission-limit.js';

const port = z.coerce
  .number({ error: 'must be a number from 0 to 65535' })
  .int('must be a whole number')
  .min(0, 'must be 0 or more')
  .max(65_535, 'must be 65535 or less');

const baseUrl = (example: string) =>
  z.url({ protocol: /^https?$/, error: `must be the base address of the service, for example ${example}` });

/** The private key with which viewer tokens are signed: an Ed25519 JSON Web Key with an id, written inline as JSON. */
const signingKey = z.string({ error: signingKeyExpectation() }).transform((text, context) => {
  try {
    return signingKeySchema.parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: signingKeyExpectation() });
    return z.NEVER;
  }
});

const signingKeySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().min(1),
  x: z.string().min(1),
  d: z.string().min(1),
});

function signingKeyExpectation(): string {
  return 'must be a private Ed25519 JSON Web Key: {"kty":"OKP","crv":"Ed25519","kid":…,"x":…,"d":…}';
}

/** `<at once>/<per second>` in units of cost, or `off`. */
const costBudget = (usual: string) =>
  z
    .string()
    .default(usual)
    .transform((text, context) => {
      if (text === 'off') return undefined;
      const [, capacity, perSecond] = /^([1-9]\d{0,11})\/([1-9]\d{0,11})$/.exec(text) ?? [];
      if (capacity !== undefined) return { capacity: Number(capacity), perSecond: Number(perSecond) };
      context.addIssue({
        code: 'custom',
        message:
          'must be what can be spent at once and what comes in each second, for example 100000/5000, or off',
      });
      return z.NEVER;
    });

/** A list with commas between its entries; empty: none. */
const listOf = <Entry extends z.ZodType<unknown, string>>(entry: Entry, usual: string) =>
  z
    .string()
    .default(usual)
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(entry));

const safelistMode = (usual: 'off' | 'enforce') =>
  z.enum(['off', 'log', 'enforce'], { error: 'must be one of off, log, enforce' }).default(usual);

const origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: 'must be origins with commas between them, for example https://portal.example.com',
});

const environmentSchema = z.object({
  HOST: z.string().min(1, 'must be an address to listen on').default('127.0.0.1'),
  PORT: port.default(4000),
  IDENTITY_JWKS_URL: z.url({
    protocol: /^(https?|file)$/,
    error: 'must be the http(s): or file: address of a JSON Web Key Set',
  }),
  IDENTITY_ISSUER: z
    .string({ error: 'must be the issuer (iss) of client tokens' })
    .min(1, 'must be the issuer (iss) of client tokens'),
  VIEWER_SIGNING_KEY: signingKey,
  /** Another supergraph than the committed one: the path of its SDL. */
  SUPERGRAPH_FILE: z.string().min(1).optional(),
  /** How often the file is looked at for a new supergraph. */
  SUPERGRAPH_POLL_MS: z.coerce
    .number({ error: 'must be a number of milliseconds' })
    .int('must be a whole number of milliseconds')
    .min(10, 'must be at least 10 milliseconds')
    .max(3_600_000, 'must be at most 3600000 milliseconds')
    .default(2_000),
  /** Other known operations than the committed ones: the path of a JSON file in the form of `safelist.json`. */
  SAFELIST_FILE: z.string().min(1).optional(),
  OPERATION_CACHE_MB: z.coerce
    .number({ error: 'must be a number of megabytes' })
    .int('must be a whole number of megabytes')
    .min(1, 'must be at least 1 megabyte')
    .max(65_536, 'must be at most 65536 megabytes')
    .default(64),
  SUBGRAPH_TIMEOUT_MS: z.coerce
    .number({ error: 'must be a number of milliseconds' })
    .int('must be a whole number of milliseconds')
    .min(1, 'must be at least 1 millisecond')
    .max(600_000, 'must be at most 600000 milliseconds')
    .default(10_000),
  SAFELIST_PRODUCT: safelistMode('enforce'),
  SAFELIST_INTERNAL: safelistMode('off'),
  SAFELIST_PARTNER: safelistMode('off'),
  /** The audiences that may ask for their schema. */
  INTROSPECTION: listOf(
    z.enum(AUDIENCES, { error: `must be of ${AUDIENCES.join(', ')}, with commas between them` }),
    'internal,partner',
  ),
  /** The origins whose pages may call the gateway from a browser. */
  CORS_ORIGINS: listOf(origin, ''),
  /** So many requests are admitted at a time, however late the gateway is with its work. */
  ADMIT_AT_LEAST: z.coerce
    .number({ error: 'must be a number of requests' })
    .int({ error: 'must be a whole number of requests' })
    .min(1, { error: 'must be at least 1' })
    .max(usualAdmissionRules.most, { error: `must be at most ${usualAdmissionRules.most}` })
    .default(usualAdmissionRules.fewest),
  /** How long a client may take nothing of its answer. */
  ANSWER_TIMEOUT_MS: z.coerce
    .number({ error: 'must be a number of milliseconds' })
    .int('must be a whole number of milliseconds')
    .min(100, 'must be at least 100 milliseconds')
    .max(600_000, 'must be at most 600000 milliseconds')
    .default(30_000),
  /** How long a request may take to arrive. */
  REQUEST_TIMEOUT_MS: z.coerce
    .number({ error: 'must be a number of milliseconds' })
    .int('must be a whole number of milliseconds')
    .min(100, 'must be at least 100 milliseconds')
    .max(600_000, 'must be at most 600000 milliseconds')
    .default(10_000),
  ...telemetryVariables,
  /** What one operation may cost at the most. */
  COST_LIMIT: z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .default(20_000),
  COST_BUDGET_PRODUCT: costBudget('100000/10000'),
  COST_BUDGET_INTERNAL: costBudget('200000/20000'),
  COST_BUDGET_PARTNER: costBudget('100000/5000'),
  /** Where services tell of changes: the bus's database, by a role that may connect and nothing else. */
  CHANGES_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres: address of the database of the bus' })
    .optional(),
  CACHE_MEGABYTES: z.coerce
    .number({ error: 'must be a number of megabytes' })
    .min(1, 'must be at least 1 megabyte')
    .max(100_000, 'must be at most 100000 megabytes')
    .default(64),
  /** What several gateways share: budgets, answers of services, and who wrote. */
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis: or rediss: address' }).optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, silent',
    })
    .default('info'),
  /** Local use alone: a JSON file of tokens that the explorer fills in (`demoFileSchema`). */
  EXPLORER_TOKENS_FILE: z.string().min(1).optional(),
});

/** The addresses of the services of the committed supergraph, a variable each. */
const ownServicesSchema = environmentSchema
  .extend({
    ORDERS_URL: baseUrl('http://127.0.0.1:4001'),
    SUBSCRIPTIONS_URL: baseUrl('http://127.0.0.1:4002'),
    LICENSES_URL: baseUrl('http://127.0.0.1:4003'),
    PARTNERS_URL: baseUrl('http://127.0.0.1:4004'),
  })
  .transform(({ ORDERS_URL, SUBSCRIPTIONS_URL, LICENSES_URL, PARTNERS_URL, ...rest }) => ({
    ...rest,
    SERVICES: {
      orders: ORDERS_URL,
      subscriptions: SUBSCRIPTIONS_URL,
      licenses: LICENSES_URL,
      partners: PARTNERS_URL,
    },
  }));

const addressesSchema = z
  .record(z.string().min(1), z.url({ protocol: /^https?$/ }))
  .refine((addresses) => Object.keys(addresses).length > 0);

/** The addresses of any services, in one variable. */
const anyServicesSchema = environmentSchema.extend({
  SERVICES: z.string().transform((text, context) => {
    try {
      return addressesSchema.parse(JSON.parse(text));
    } catch {
      context.addIssue({
        code: 'custom',
        message:
          'must be a JSON object of the base address of each service by its name in the supergraph, ' +
          'for example {"orders":"http://127.0.0.1:4001"}',
      });
      return z.NEVER;
    }
  }),
});

/** What the gateway reads from its environment, checked. */
export type GatewayEnvironment = z.infer<typeof environmentSchema> & {
  /** The base address of each service by its name in the supergraph. */
  readonly SERVICES: Readonly<Record<string, string>>;
};

/** The private key of viewer tokens. */
export type ViewerSigningKey = z.infer<typeof signingKeySchema>;

/** The environment lacks something or holds something of the wrong form. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
}

/**
 * Reads the gateway's environment. `SERVICES` stands in place of the four addresses of our own services.
 * @throws EnvironmentError that lists every problem by variable with what is expected. Values are not shown.
 */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): GatewayEnvironment {
  const schema = source['SERVICES'] === undefined ? ownServicesSchema : anyServicesSchema;
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new EnvironmentError(`The gateway's environment is not complete:\n${problems.join('\n')}`);
}
