import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from '../logger.js';
import { registerHttpErrors } from './http-errors.js';

const app = Fastify({ bodyLimit: 1_000 });
app.decorateRequest('scope');
app.addHook('onRequest', async (request) => {
  request.scope = { requestId: 'request-1' };
});
registerHttpErrors(app, createLogger('partners', 'silent'));
app.post('/graphql', async () => 'served');
beforeAll(() => app.listen({ host: '127.0.0.1', port: 0 }));
afterAll(() => app.close());

const requestOf = (body: string) =>
  `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

it('a body that is too large is answered and dropped, and its connection serves the next request', async () => {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  let received = '';
  socket.on('data', (bytes) => {
    received += bytes.toString();
  });
  await once(socket, 'connect');
  socket.write(requestOf(`"${'x'.repeat(20_000_000)}"`));
  await expect.poll(() => received).toContain('"code":"BAD_REQUEST"');
  expect(received).toMatch(/^HTTP\/1\.1 413 /);
  socket.write(requestOf('{}'));
  await expect.poll(() => received).toMatch(/served$/);
  socket.destroy();
});
