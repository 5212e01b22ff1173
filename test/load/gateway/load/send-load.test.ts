import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { pageHole } from '../stand-ins/page.js';
import { sendLoad } from './send-load.js';

type Reply = (page: string) => { readonly status?: number; readonly body: string };

/** Puts a load on something that answers as it is told; gives the outcome and the pages that were asked for. */
async function loadOn(reply: Reply) {
  const pages: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { page } = JSON.parse(body) as { page: string };
      pages.push(page);
      const { status = 200, body: answer } = reply(page);
      return response.writeHead(status).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const outcome = await sendLoad({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    connections: 3,
    seconds: 0.1,
    firstPage: 1,
    workload: {
      everyPageOnce: true,
      requests: [
        { token: 't', body: `{"page":"${pageHole}"}`, expected: `{"data":{"a":1,"page":"${pageHole}"}}` },
      ],
    },
  });
  server.close();
  return { outcome, pages };
}

it('sends every page once over all connections and counts every answer', async () => {
  const { outcome, pages } = await loadOn((page) => ({ body: `{"data":{"page":"${page}","a":1}}` }));
  expect(outcome).toMatchObject({ failures: 0, requests: pages.length });
  expect(new Set(pages).size).toBe(pages.length);
  expect(pages.length).toBeGreaterThanOrEqual(3);
  expect(outcome.p99).toBeGreaterThanOrEqual(outcome.p50);
});

it.each<[string, Reply]>([
  ['a status other than 200', () => ({ status: 500, body: '{}' })],
  ['errors', (page) => ({ body: `{"errors":[],"data":{"page":"${page}","a":1}}` })],
  ['the answer of another page', () => ({ body: '{"data":{"page":"pg-99999999","a":1}}' })],
  ['less than the answer', (page) => ({ body: `{"page":"${page}"}` })],
])('notices %s each time', async (_, reply) => {
  const { outcome } = await loadOn(reply);
  expect(outcome.failures).toBeGreaterThanOrEqual(outcome.requests);
  expect(outcome.firstFailure).toContain('HTTP');
});

it('compares the first answer of each connection as a whole', async () => {
  const { outcome } = await loadOn((page) => ({ body: `{"data":{"page":"${page}","a":2}}` }));
  expect(outcome).toMatchObject({
    failures: 3,
    firstFailure: expect.stringContaining('Not the expected answer'),
  });
});
