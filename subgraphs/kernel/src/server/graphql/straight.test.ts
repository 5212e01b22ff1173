import { createViewerMint, internalViewer } from '@fulfillment/test/kit/viewers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, it, test } from 'vitest';
import { InputError } from '../input-error.js';
import { createLogger } from '../logger.js';
import { freshnessOfRequest } from './freshness-plugin.js';
import { currentRequestId, type RequestScope } from '../request-scope.js';
import { startTelemetry } from '../telemetry/start-telemetry.js';
import { startGraphqlServer } from './server.js';

interface Context {
  readonly scope: RequestScope;
}

/** Which way each request went: the server hands a copy of the context on, in which the freshness stands. */
const ways: ('server' | 'straight')[] = [];

function note(context: Context): void {
  ways.push(freshnessOfRequest in context ? 'server' : 'straight');
}

/** Fails where the text says so. */
function failAs(text: string): void {
  if (text === 'wrong') throw new InputError('ID_INVALID', 'id', 'Give an id.');
  if (text === 'fault') throw new Error('a secret');
}

const resolvers = {
  Query: {
    partner: (_: unknown, { id }: { id: string }, context: Context) => {
      note(context);
      failAs(id);
      return id === 'none' ? null : { id, name: `Partner ${id}` };
    },
  },
};

/** Says in which scope it runs: what it begins finds the request's there. */
const mutations = {
  Mutation: {
    reportSeats: async (_: unknown, { input }: { input: { idempotencyKey: string } }, context: Context) => {
      note(context);
      await pause(1);
      expect(currentRequestId()).toBe(context.scope.requestId);
      failAs(input.idempotencyKey);
      return { results: [], userErrors: [] };
    },
  },
};

const viewers = await createViewerMint();
const environment = { METRICS_HOST: '127.0.0.1', OTEL_TRACES_SAMPLER_ARG: 0 };
const serve = async (service: 'partners' | 'licenses', given: object) =>
  startGraphqlServer<Context>({
    service,
    host: '127.0.0.1',
    port: 0,
    jwks: viewers.jwks,
    resolvers: given,
    pages: [],
    logger: createLogger(service, 'silent'),
    telemetry: await startTelemetry(service, environment as never, new Set()),
    now: async () => new Date('2026-06-15T12:00:00Z'),
    nextGrant: () => null,
    createContext: (_viewer, scope, _receivedAt, freshness) => {
      freshness.dependsOn('catalog');
      return { scope };
    },
    isReady: async () => undefined,
  });
const server = await serve('partners', resolvers);
const licenses = await serve('licenses', mutations);
afterAll(() => Promise.all([server.close(), licenses.close()]));
const token = await viewers.mint(internalViewer());

const query =
  'query One($id: ID!, $named: Boolean = true) { partner(id: $id) { id name @include(if: $named) } }';

interface Sent {
  readonly url?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send({ url = server.url, body = {}, headers = {} }: Sent) {
  ways.length = 0;
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00`,
      ...headers,
    },
    body: JSON.stringify({ query, operationName: 'One', variables: { id: 'one' }, ...body }),
  });
  const type = response.headers.get('content-type');
  return { answer: { status: response.status, type, text: await response.text() }, ways: [...ways] };
}

test.each<[string, object]>([
  ['data', { id: 'one' }],
  ['data by other variables', { id: 'two', named: false }],
  ['null', { id: 'none' }],
  ['an error of the input', { id: 'wrong' }],
  ['a fault of ours', { id: 'fault' }],
])('a query that came before is answered straight, as the server answers it: %s', async (_, variables) => {
  // A text of its own is new to the server.
  const own = { query: `${query} # ${JSON.stringify(variables)}`, variables };
  const first = await send({ body: own });
  expect(first.ways).toEqual(['server']);
  // So often that it is compiled.
  for (let times = 0; times < 15; times += 1) {
    expect(await send({ body: own })).toEqual({ answer: first.answer, ways: ['straight'] });
  }
});

it('what is compiled tells of errors as before, by asking once more, and goes on', async () => {
  const answers = (id: string) => send({ body: { query: `${query} # compiled`, variables: { id } } });
  const good = await answers('one');
  const wrong = await send({ body: { query: `${query} # not compiled`, variables: { id: 'wrong' } } });
  for (let times = 0; times < 15; times += 1) await answers('one');
  expect(await answers('wrong')).toEqual({ answer: wrong.answer, ways: ['straight', 'straight'] });
  expect(await answers('wrong')).toEqual({ answer: wrong.answer, ways: ['straight'] });
  for (let times = 0; times < 15; times += 1) {
    expect(await answers('one')).toEqual({ answer: good.answer, ways: ['straight'] });
  }
});

test.each<[string, Sent, number]>([
  ['variables that do not fit', { body: { variables: { id: null } } }, 400],
  ['an operation that is not there', { body: { operationName: 'Two' } }, 400],
  ['no viewer', { headers: { authorization: 'Bearer none' } }, 401],
  ['variables that are no object', { body: { variables: [1] } }, 400],
  ['a form of the answer that is not JSON', { headers: { accept: 'text/html' } }, 406],
])('a known query is left to the server, with no field resolved: %s', async (_, sent, status) => {
  await send({});
  const { answer, ways: gone } = await send(sent);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
  expect(gone.filter((way) => way === 'straight')).toEqual([]);
});

test.each(['good', 'wrong', 'fault'])(
  'a mutation that came before is answered straight, as the server answers it, in the scope of its request: %s',
  async (idempotencyKey) => {
    const mutation = `mutation Report($input: ReportSeatsInput!) { reportSeats(input: $input) { userErrors { code } } } # ${idempotencyKey}`;
    const variables = { input: { idempotencyKey, reports: [] } };
    const own = { url: licenses.url, body: { query: mutation, operationName: 'Report', variables } };
    const first = await send(own);
    expect(first.ways).toEqual(['server']);
    expect(first.answer.text.includes('errors')).toBe(idempotencyKey !== 'good');
    for (let times = 0; times < 15; times += 1) {
      expect(await send(own)).toEqual({ answer: first.answer, ways: ['straight'] });
    }
    const { answer, ways: gone } = await send({ ...own, body: { ...own.body, variables: {} } });
    expect({ status: answer.status, gone }).toEqual({ status: 400, gone: [] });
  },
);

it('a text of several operations is never answered straight', async () => {
  const body = { query: `${query} query Two { partner(id: "two") { id } }` };
  for (let times = 0; times < 2; times += 1) expect((await send({ body })).ways).toEqual(['server']);
});

it('a scope is over when its request is', async () => {
  await send({ body: { query: `${query} # a text that is new` } });
  expect(currentRequestId()).toBeUndefined();
});
