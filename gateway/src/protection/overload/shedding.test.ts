import { request as httpRequest } from 'node:http';
import Fastify from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { createShedding } from './shedding.js';

const rules = { fewest: 2, most: 2, initial: 2, lateMs: 1_000 };
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that admits two requests at a time, and keeps them until it is told to answer. */
async function setUp() {
  const counts = { handled: 0, shed: 0 };
  const held: (() => void)[] = [];
  const shedding = createShedding(() => {
    counts.shed += 1;
  }, rules);
  const app = Fastify({ serverFactory: shedding.serverFactory });
  app.post('/graphql', async () => {
    counts.handled += 1;
    await new Promise<void>((resolve) => {
      held.push(resolve);
    });
    return { data: {} };
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
