import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { Cancellation } from '../in-flight/cancellation.js';
import { Representation } from '../execution/subgraph-fetch.js';
import type { FetchNode } from '../planning/query-plan.js';
import { connectService, type Service } from './service.js';
import type { SubgraphContext } from './subgraph-context.js';
import { createSubgraphClient } from './subgraph-client.js';

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: unknown;
}

const open: { server: Server; service: Service }[] = [];

afterEach(async () => {
  for (const { server, service } of open.splice(0)) {
    service.connections.destroy();
    server.closeAllConnections();
    server.close();
  }
});

/** A client of one service, which answers when the test says so, or at once what is `back`. */
async function setUp({ timeoutMs = 10_000 } = {}) {
  const asked: Asked[] = [];
  const back: { data: object | undefined } = { data: undefined };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    asked.push({ request, response, body: JSON.parse(await text(request)) as unknown });
    if (back.data !== undefined) response.end(JSON.stringify({ data: back.data }));
  };
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const service = connectService('stock', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  open.push({ server, service });
  const counted: string[] = [];
  const { fetch } = createSubgraphClient([service], {
    timeoutMs,
    logger: pino({ level: 'silent' }),
    onAnswered: (name, outcome) => counted.push(`${name} ${outcome}`),
  });
  const reached = async (count: number) => {
    await expect.poll(() => asked.length).toBe(count);
  };
  const answer = (index: number, data: object) => asked[index]?.response.end(JSON.stringify({ data }));
  return { fetch, asked, reached, answer, back, counted };
}

const read: FetchNode = { kind: 'Fetch', serviceName: 'stock', operation: '{ a }', operationKind: 'query' };
const write: FetchNode = { ...read, operation: 'mutation { b }', operationKind: 'mutation' };

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-00`;

function context(more: Partial<SubgraphContext> = {}): SubgraphContext {
  return {
    requestId: 'request-1',
    trace: { traceId, traceparent, sampled: false, child: () => undefined },
    viewerToken: 'token-1',
    viewerScope: 'viewer-1',
    clientGone: new Cancellation(),
    ...more,
  };
}

const failure = (code: string) => ({
  errors: [
    {
      message: 'The stock service did not answer; its fields are null.',
      extensions: { code, service: 'stock' },
    },
  ],
});

it('sends the operation with its variables and representations, as the viewer, with the time that is left', async () => {
  const { fetch, asked, reached, answer } = await setUp({ timeoutMs: 5_000 });
  const node: FetchNode = { ...read, operation: 'query Stock { x }', operationName: 'Stock' };
  const item = { __typename: 'Item', id: '1' };
  const representations = [new Representation(item)];
  const answered = fetch({ fetch: node, variables: { first: 2 }, representations }, context());
  await reached(1);
  expect(asked[0]?.body).toEqual({
    query: 'query Stock { x }',
    operationName: 'Stock',
    variables: { first: 2, representations: [item] },
  });
  const { 'x-deadline-ms': left, ...headers } = asked[0]?.request.headers ?? {};
  expect(headers).toMatchObject({
    authorization: 'Bearer token-1',
    'x-request-id': 'request-1',
    traceparent,
  });
  expect(Number(left)).toBeGreaterThan(0);
  expect(Number(left)).toBeLessThanOrEqual(5_000);
  answer(0, { _entities: [null] });
  expect(await answered).toEqual({ data: { _entities: [null] } });
});

it('sends equal reads of viewers whom the service cannot tell apart once', async () => {
  const { fetch, asked, reached, answer } = await setUp();
  const request = { fetch: read, variables: { a: 1 } };
  const answers = [
    fetch(request, context()),
    fetch(
      { fetch: { ...read }, variables: { a: 1 } },
      context({ requestId: 'request-2', viewerToken: 'token-2' }),
    ),
    fetch({ fetch: read, variables: { a: 2 } }, context()),
    fetch(request, context({ viewerScope: 'viewer-2' })),
  ];
  await reached(3);
  asked.forEach((_, index) => answer(index, { index }));
  const [first, equal, otherVariables, otherViewer] = await Promise.all(answers);
  expect(equal).toEqual(first);
  expect(otherVariables).not.toEqual(first);
  expect(otherViewer).not.toEqual(first);
  expect(asked).toHaveLength(3);
});

it('sends each mutation, tells it no deadline, and finishes it when its client leaves', async () => {
  const { fetch, asked, reached, answer } = await setUp();
  const leaving = new Cancellation();
  const request = { fetch: write, variables: {} };
  const answers = [fetch(request, context({ clientGone: leaving })), fetch(request, context())];
  await reached(2);
  leaving.cancel('abandoned');
  expect(asked.map(({ request: { headers } }) => headers['x-deadline-ms'])).toEqual([undefined, undefined]);
  answer(0, { b: 1 });
  answer(1, { b: 2 });
  const written = (await Promise.all(answers)).map(({ data }) => data?.['b']);
  expect(new Set(written)).toEqual(new Set([1, 2]));
});

it('has nobody who comes after a mutation join a read that began before its end', async () => {
  const { fetch, reached, answer } = await setUp();
  const request = { fetch: read, variables: {} };
  const before = fetch(request, context());
  await reached(1);
  const written = fetch({ fetch: write, variables: {} }, context());
  await reached(2);
  answer(1, { b: true });
  await written;
  const after = fetch(request, context());
  await reached(3);
  answer(0, { a: 'old' });
  answer(2, { a: 'new' });
  expect(await before).toEqual({ data: { a: 'old' } });
  expect(await after).toEqual({ data: { a: 'new' } });
});

it('closes the connection of a read when the last client that waits for it leaves', async () => {
  const { fetch, asked, reached } = await setUp();
  const [one, other] = [new Cancellation(), new Cancellation()];
  const request = { fetch: read, variables: {} };
  const answers = [one, other].map((clientGone) => fetch(request, context({ clientGone })));
  await reached(1);
  one.cancel('abandoned');
  await answers[0];
  expect(asked[0]?.request.socket.destroyed).toBe(false);
  other.cancel('abandoned');
  await expect.poll(() => asked[0]?.request.socket.destroyed).toBe(true);
  expect(await answers[1]).toEqual(failure('SERVICE_UNAVAILABLE'));
});

it('gives a read up when its time is over, and closes its connection', async () => {
  const { fetch, asked, reached, counted } = await setUp({ timeoutMs: 200 });
  const answered = fetch({ fetch: read, variables: {} }, context());
  await reached(1);
  expect(await answered).toEqual(failure('SERVICE_TIMEOUT'));
  expect(counted).toEqual(['stock SERVICE_TIMEOUT']);
  await expect.poll(() => asked[0]?.request.socket.destroyed).toBe(true);
});

it('sends a read again whose connection breaks, and a mutation never', async () => {
  const { fetch, asked, reached, answer } = await setUp();
  const reading = fetch({ fetch: read, variables: {} }, context());
  await reached(1);
  asked[0]?.request.socket.destroy();
  await reached(2);
  answer(1, { a: 1 });
  expect(await reading).toEqual({ data: { a: 1 } });
  const writing = fetch({ fetch: write, variables: {} }, context());
  await reached(3);
  asked[2]?.request.socket.destroy();
  expect(await writing).toEqual(failure('SERVICE_UNAVAILABLE'));
  expect(asked).toHaveLength(3);
});

it('sends a read again where the service still is when all kept connections end at once', async () => {
  const { fetch, asked, reached, answer } = await setUp();
  const ask = (id: number) => fetch({ fetch: read, variables: { id } }, context());
  const earlier = [0, 1, 2, 3, 4, 5].map(ask);
  await reached(6);
  asked.forEach((_, index) => answer(index, { a: index }));
  await Promise.all(earlier);
  const reading = ask(6);
  await reached(7);
  for (const { request } of asked.toReversed()) request.socket.destroy();
  await reached(8);
  answer(7, { a: 'again' });
  expect(await reading).toEqual({ data: { a: 'again' } });
});

it('leaves a service alone that keeps failing, and comes back to it', async () => {
  const { fetch, asked, reached, back } = await setUp();
  const ask = (id: number) => fetch({ fetch: read, variables: { id } }, context());
  for (let id = 0; id < 20; id += 1) {
    const answered = ask(id);
    await reached(id + 1);
    asked[id]?.response.writeHead(503).end('down');
    expect(await answered).toEqual(failure('SERVICE_UNAVAILABLE'));
  }
  expect(await ask(20)).toEqual(failure('SERVICE_UNAVAILABLE'));
  expect(asked).toHaveLength(20);
  back.data = { a: 1 };
  await expect.poll(() => ask(21), { timeout: 5_000, interval: 100 }).toEqual({ data: { a: 1 } });
});
