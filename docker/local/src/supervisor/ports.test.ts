import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { checkPorts } from './ports.js';

const host = '127.0.0.1';
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function takenPort(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

it('passes ports that are free', async () => {
  const port = await takenPort();
  await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
  await expect(checkPorts([{ variable: 'PORT', port, host }])).resolves.toBeUndefined();
});

it('names every port that is taken, its variable, and what to do', async () => {
  const [one, other] = [await takenPort(), await takenPort()];
  const wanted = [
    { variable: 'PORT', port: one, host },
    { variable: 'ORDERS_PORT', port: other, host },
  ];
  await expect(checkPorts(wanted)).rejects.toThrow(
    new RegExp(
      `Port ${one} \\(PORT\\) is taken.*PORT=\\d+ npm start\nPort ${other} \\(ORDERS_PORT\\) is taken`,
    ),
  );
});

it('refuses one port for two', async () => {
  const port = await takenPort();
  await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
  const wanted = ['PORT', 'ORDERS_PORT'].map((variable) => ({ variable, port, host }));
  await expect(checkPorts(wanted)).rejects.toThrow(/PORT and ORDERS_PORT are both \d+/);
});

it('tells of an address that this machine does not have', async () => {
  const wanted = [{ variable: 'PORT', port: await takenPort(), host: '203.0.113.1' }];
  await expect(checkPorts(wanted)).rejects.toThrow(/cannot be used on 203\.0\.113\.1 \(EADDRNOTAVAIL\)/);
});
