import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import Fastify from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { createShedding } from './shedding.js';

const rules = { fewest: 2, most: 2, initial: 2, lateMs: 1_000 };
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that admits two requests at a time, and keeps them until it is told to answer. */
async function setUp(data: unknown = {}) {
  const counts = { handled: 0, shed: 0 };
  const held: (() => void)[] = [];
  const shedding = createShedding(() => {
    counts.shed += 1;
  }, rules);
  const app = Fastify({ serverFactory: shedding.serverFactory });
  app.addHook('onSend', async (_request, reply) => shedding.answered(reply.raw));
  app.post('/graphql', async () => {
    counts.handled += 1;
    await new Promise<void>((resolve) => {
      held.push(resolve);
    });
    return { data };
  });
  app.get('/health/live', async () => ({ status: 'live' }));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  closing.push(async () => {
    shedding.stop();
    for (const release of held.splice(0)) release();
    await app.close();
  });
  const ask = () =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'request-1234' },
      body: JSON.stringify({ query: 'x'.repeat(100_000) }),
    });
  return { url, ask, counts, held, shedding };
}

it('refuses what is beyond the limit at once, and does nothing for it', async () => {
  const { ask, counts, held } = await setUp();
  const admitted = [ask(), ask()];
  await expect.poll(() => held.length).toBe(2);
  const refused = await ask();
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.headers.get('x-request-id')).toBe('request-1234');
  expect(await refused.json()).toEqual({
    errors: [
      {
        message: 'The gateway has more to do than it can: try again in 1 s.',
        extensions: { code: 'OVERLOADED', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) },
      },
    ],
  });
  expect(counts).toEqual({ handled: 2, shed: 1 });
  for (const release of held.splice(0)) release();
  expect((await Promise.all(admitted)).map(({ status }) => status)).toEqual([200, 200]);
});

it('admits again when one has ended, or its client has left', async () => {
  const { url, ask, held, shedding } = await setUp();
  const leaving = httpRequest(`${url}/graphql`, { method: 'POST' });
  leaving.on('error', () => undefined);
  leaving.end();
  const staying = ask();
  await expect.poll(() => held.length).toBe(2);
  leaving.destroy();
  await expect.poll(() => shedding.level().underWay).toBe(1);
  const next = ask();
  await expect.poll(() => held.length).toBe(3);
  for (const release of held.splice(0)) release();
  expect((await staying).status).toBe(200);
  expect((await next).status).toBe(200);
  await expect.poll(() => shedding.level().underWay).toBe(0);
});

it('never refuses a probe', async () => {
  const { url, ask, held } = await setUp();
  const admitted = [ask(), ask()];
  await expect.poll(() => held.length).toBe(2);
  expect((await ask()).status).toBe(503);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  for (const release of held.splice(0)) release();
  await Promise.all(admitted);
});

/** Sends requests one after the other on a connection whose answers nobody reads. */
async function pipeline(url: string, count: number): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  await once(socket, 'connect');
  const body = '{"query":"{ a }"}';
  const text = `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  socket.write(text.repeat(count));
  return socket;
}

it('takes up one request of a connection at a time, and forgets those whose client has left', async () => {
  const { url, counts, held, shedding } = await setUp();
  const socket = await pipeline(url, 3);
  await expect.poll(() => held.length).toBe(1);
  held.pop()?.();
  await expect.poll(() => counts.handled).toBe(2);
  expect(shedding.level().underWay).toBe(1);
  socket.destroy();
  await expect.poll(() => shedding.level().underWay).toBe(0);
  expect(counts).toEqual({ handled: 2, shed: 0 });
});

it('counts no request whose answer is there, whether its client reads it or not', async () => {
  const { url, ask, held, shedding } = await setUp('x'.repeat(50_000_000));
  const sockets = [await pipeline(url, 1), await pipeline(url, 1)];
  await expect.poll(() => held.length).toBe(2);
  for (const release of held.splice(0)) release();
  await expect.poll(() => shedding.level().underWay).toBe(0);
  const next = ask();
  await expect.poll(() => held.length).toBe(1);
  held.pop()?.();
  expect((await next).status).toBe(200);
  for (const socket of sockets) socket.destroy();
});
