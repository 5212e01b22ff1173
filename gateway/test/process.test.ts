import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSupergraph } from '../src/supergraph/load.js';
import { startTestGateway, type TestGateway } from './kit/gateway.js';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const children: ChildProcess[] = [];

function startProcess(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', main], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  return { child, ended, errors: text(child.stderr), output: child.stdout };
}

async function readyUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const chunk of output) {
    const ready = String(chunk)
      .split('\n')
      .find((line) => line.includes('"event":"ready"'));
    if (ready !== undefined) return (JSON.parse(ready) as { url: string }).url;
  }
  throw new Error('The gateway ended before it was ready');
}

// A process that is started from its sources compiles them first.
describe('the gateway as a process', { timeout: 90_000 }, () => {
  let kit: TestGateway;
  let environment: Record<string, string>;

  beforeAll(async () => {
    kit = await startTestGateway();
    environment = { ...kit.environment, SAFELIST_PRODUCT: 'off' };
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await kit.close();
  });

  it('tells all that its environment lacks and ends with 1', async () => {
    const { ended, errors } = startProcess({ PORT: 'x' });
    expect(await ended).toBe(1);
    expect(await errors).toMatch(/PORT: must be a number[\s\S]*IDENTITY_ISSUER: [\s\S]*PARTNERS_URL: /);
    expect(await errors).not.toMatch(/\n\s+at /);
  });

  it('tells that its port is taken, how to change it, and ends with 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const { port } = other.address() as AddressInfo;
    const { ended, errors } = startProcess({ ...environment, PORT: String(port) });
    expect(await ended).toBe(1);
    expect(await errors).toBe(`Port ${port} is taken: set PORT to a free one or stop what listens there.\n`);
    other.close();
  });

  it('reads its supergraph again on SIGHUP', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gateway-process-'));
    const file = join(folder, 'supergraph.graphql');
    const committed = await readSupergraph();
    await writeFile(file, committed);
    const { child, ended, output } = startProcess({
      ...environment,
      SUPERGRAPH_FILE: file,
      SUPERGRAPH_POLL_MS: '3600000',
    });
    const url = await readyUrl(output);
    const stateOf = async () => {
      const response = await fetch(`${url}/health/ready`);
      return ((await response.json()) as { supergraph: { id: string } }).supergraph;
    };
    const before = await stateOf();
    await writeFile(file, `${committed}\n# changed\n`);
    child.kill('SIGHUP');
    await expect.poll(async () => (await stateOf()).id, { timeout: 60_000 }).not.toBe(before.id);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await rm(folder, { recursive: true });
  });

  it('stops on SIGTERM: takes nothing new, finishes what is under way, ends with 0', async () => {
    const { child, ended, output } = startProcess(environment);
    const url = await readyUrl(output);
    const { orders } = kit.services;
    const hold = orders.hold();
    const asked = fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${kit.tokens.internal}` },
      body: '{"query":"{ accounts { totalCount } }"}',
    });
    await hold.reached;
    child.kill('SIGTERM');
    await expect
      .poll(() =>
        fetch(`${url}/health/live`).then(
          ({ ok }) => ok,
          () => 'refused',
        ),
      )
      .toBe('refused');
    hold.release();
    const answer = await asked;
    expect(await answer.json()).toEqual({ data: { accounts: { totalCount: 2 } } });
    expect(answer.headers.get('connection')).toBe('close');
    expect(await ended).toBe(0);
  });

  it('breaks off no request of clients that send one after the other when it stops', async () => {
    const { child, ended, output } = startProcess(environment);
    const url = await readyUrl(output);
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const outcomes: string[] = [];
    const send = () =>
      new Promise<string>((resolve) => {
        const headers = {
          'content-type': 'application/json',
          authorization: `Bearer ${kit.tokens.internal}`,
        };
        const sent = request(`${url}/graphql`, { agent, method: 'POST', headers }, (response) => {
          text(response).then(() => resolve(String(response.statusCode)), resolve);
        });
        // A connection that nobody has taken yet when the gateway ends is reset rather than refused.
        sent.on('error', ({ code }: NodeJS.ErrnoException) =>
          resolve(code === 'ECONNRESET' && !sent.reusedSocket ? 'ECONNREFUSED' : String(code)),
        );
        sent.end('{"query":"{ accounts { totalCount } }"}');
      });
    const clients = Array.from({ length: 8 }, async () => {
      for (let outcome = ''; outcome !== 'ECONNREFUSED'; outcomes.push(outcome)) outcome = await send();
    });
    await expect.poll(() => outcomes.length, { timeout: 20_000 }).toBeGreaterThan(20);
    child.kill('SIGTERM');
    await Promise.all(clients);
    expect(new Set(outcomes)).toEqual(new Set(['200', 'ECONNREFUSED']));
    expect(await ended).toBe(0);
    agent.destroy();
  });
});

it('a query is given up when its client leaves, a mutation is finished', async () => {
  const kit = await startTestGateway({ variables: { SAFELIST_PRODUCT: 'off' } });
  const { orders } = kit.services;
  orders.behave('hang');
  const leave = async (token: string, query: string) => {
    const leaving = new AbortController();
    const before = orders.asked.length;
    const asked = fetch(`${kit.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
      signal: leaving.signal,
    }).catch(() => 'left');
    await expect.poll(() => orders.asked.length).toBe(before + 1);
    leaving.abort();
    expect(await asked).toBe('left');
    return orders.asked[before];
  };
  const query = await leave(kit.tokens.internal, '{ accounts { totalCount } }');
  await expect.poll(() => query?.abandoned()).toBe(true);
  const mutation = await leave(
    kit.tokens.product,
    'mutation { placeOrder(input: { idempotencyKey: "key-12345", actions: [] }) { order { id } } }',
  );
  expect(mutation?.abandoned()).toBe(false);
  await expect.poll(() => kit.lines.filter(({ outcome }) => outcome === 'aborted')).toHaveLength(2);
  orders.finishHanging();
  await kit.close();
});
