import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { errorCatalog, isErrorCode } from '../src/errors.js';
import { anyRequest, type GeneratedRequest } from './fuzz/generated-request.js';
import { createSender, type Outcome } from './fuzz/send.js';
import { startTestGateway, type TestGateway } from './kit/gateway.js';

const requests = 10_000;
/** Always the same requests. */
const seed = 20_261_129;
const atOnce = 16;

/** Statuses that the HTTP layer gives a bad request of its own. */
const httpStatuses = new Set([400, 405, 406, 415]);
/** Errors of an operation that cannot run: 200 for clients that know JSON alone. */
const operationErrors = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ variables: { COST_BUDGET_INTERNAL: '50000/2000', LOG_LEVEL: 'error' } });
});
afterAll(() => gateway.close());

interface Body {
  readonly data?: object | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly service?: string };
  }[];
}

/** What is wrong with the answer to a request; undefined when nothing is. */
function problemOf({ method, headers }: GeneratedRequest, outcome: Outcome): string | undefined {
  if (outcome.kind === 'gone') return undefined;
  const { status, type, body } = outcome;
  if (status >= 500) return `status ${status}: ${body}`;
  if (method === 'HEAD' && body === '') return undefined;
  if (!/^application\/(graphql-response\+)?json; charset=utf-8$/.test(type)) return `content type ${type}`;
  const { data, errors } = JSON.parse(body) as Body;
  if (/\n\s+at |node_modules|stacktrace/.test(body)) return `a stack: ${body}`;
  if (errors === undefined) return status === 200 && data ? undefined : `neither data nor errors: ${body}`;
  if (!errors.every(({ message, extensions }) => message !== '' && extensions.code !== ''))
    return `no code: ${body}`;
  if (errors.some(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR' && !extensions.service)) {
    return `a fault of ours: ${body}`;
  }
  if (data !== undefined) return status === 200 ? undefined : `data with status ${status}`;
  const code = errors[0]?.extensions.code ?? '';
  const json = headers.some(([name, value]) => name === 'accept' && value === 'application/json');
  if (code === 'BAD_REQUEST' && httpStatuses.has(status)) return undefined;
  if (status === 200 && operationErrors.has(code) && json) return undefined;
  if (isErrorCode(code) && errorCatalog[code].status === status) return undefined;
  return `status ${status} with ${code}`;
}

it(
  `answers ${requests} generated requests, each with data or a GraphQL error and the right status`,
  { timeout: 600_000 },
  async () => {
    const before = process.cpuUsage();
    const generated = fc.sample(anyRequest, { seed, numRuns: requests });
    const { send, close } = createSender(gateway.url, gateway.tokens);
    const counts = new Map<string, number>();
    const problems: string[] = [];
    const queue = generated.values();
    const work = async () => {
      for (const one of queue) {
        const outcome = await send(one).catch((error: unknown) => String(error));
        const problem = typeof outcome === 'string' ? outcome : problemOf(one, outcome);
        if (problem !== undefined) problems.push(`${describe(one)} -> ${problem.slice(0, 500)}`);
        const kind =
          typeof outcome === 'string' ? 'failed' : outcome.kind === 'gone' ? 'gone' : String(outcome.status);
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    close();

    const { user, system } = process.cpuUsage(before);
    const told = [...counts]
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([kind, count]) => `${kind}: ${count}`);
    process.stdout.write(
      `fuzz: ${requests} requests, ${((user + system) / 1e6).toFixed(1)} s of CPU; ${told.join(', ')}\n`,
    );
    expect(problems.slice(0, 20)).toEqual([]);
    expect([...counts.keys()]).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '404', '415', '431']),
    );
    const after = await gateway.ask(gateway.tokens.partner, '{ currentPartner { id } }');
    expect(after.status).toBe(200);
  },
);

function describe({ kind, method, path, token, headers, body }: GeneratedRequest): string {
  return `${kind}: ${method} ${path.slice(0, 200)} ${token} ${JSON.stringify(headers).slice(0, 300)} ${body?.toString().slice(0, 600) ?? ''}`;
}
