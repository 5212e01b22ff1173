import { createViewerMint, internalViewer } from '@fulfillment/test/kit/viewers';
import { afterAll, expect, it, test } from 'vitest';
import { InputError } from '../input-error.js';
import { createLogger } from '../logger.js';
import { currentRequestId, type RequestScope } from '../request-scope.js';
import { startTelemetry } from '../telemetry/start-telemetry.js';
import { startGraphqlServer } from './server.js';

interface Context {
  readonly scope: RequestScope;
}

/** Which way each request went: the server's pipeline runs in a scope, the straight way hands it on by itself. */
const ways: ('server' | 'straight')[] = [];

const resolvers = {
  Query: {
    partner: (_: unknown, { id }: { id: string }, { scope }: Context) => {
      ways.push(currentRequestId() === scope.requestId ? 'server' : 'straight');
      if (id === 'wrong') throw new InputError('ID_INVALID', 'id', 'Give an id.');
      if (id === 'fault') throw new Error('a secret');
      return id === 'none' ? null : { id, name: `Partner ${id}` };
    },
  },
};

const viewers = await createViewerMint();
const environment = { METRICS_HOST: '127.0.0.1', OTEL_TRACES_SAMPLER_ARG: 0 };
const server = await startGraphqlServer<Context>({
  service: 'partners',
  host: '127.0.0.1',
  port: 0,
  jwks: viewers.jwks,
  resolvers,
  pages: [],
  logger: createLogger('partners', 'silent'),
  telemetry: await startTelemetry('partners', environment as never, new Set()),
  now: async () => new Date('2026-06-15T12:00:00Z'),
  nextGrant: () => null,
  createContext: (_viewer, scope, _receivedAt, freshness) => {
    freshness.dependsOn('catalog');
    return { scope };
  },
  isReady: async () => undefined,
});
afterAll(() => server.close());
const token = await viewers.mint(internalViewer());

const query =
  'query One($id: ID!, $named: Boolean = true) { partner(id: $id) { id name @include(if: $named) } }';

interface Sent {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send({ body = {}, headers = {} }: Sent) {
  ways.length = 0;
  const response = await fetch(`${server.url}/graphql`, {
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

it('a text of several operations is never answered straight', async () => {
  const body = { query: `${query} query Two { partner(id: "two") { id } }` };
  for (let times = 0; times < 2; times += 1) expect((await send({ body })).ways).toEqual(['server']);
});

it('a scope is over when its request is', async () => {
  await send({ body: { query: `${query} # a text that is new` } });
  expect(currentRequestId()).toBeUndefined();
});
