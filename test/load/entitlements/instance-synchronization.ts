import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { deploymentId } from '@fulfillment/kernel/domain/ids';
import pg from 'pg';
import { Pool } from 'undici';
import { clientOperation } from '../../kit/operations.js';
import { postGraphql } from '../../kit/post-graphql.js';
import { freePort } from '../../kit/free-port.js';
import type { LoadSystem } from '../load-system.js';
import { connectLoadClient } from './load-client.js';
import type { Target } from './multiply-deployments.js';
import { anotherCount, type Throughput } from './seat-synchronization.js';

/** An instance that was activated, and what it makes itself known by. */
export interface Machine {
  readonly token: string;
  readonly id: string;
  readonly secret: string;
}

interface Load {
  readonly clients: number;
  readonly seconds: number;
}

const createDocument = `mutation ($input: CreateActivationCodeInput!) {
  createActivationCode(input: $input) { code } }`;
const activateDocument = `mutation ($input: ActivateInstanceInput!) {
  activateInstance(input: $input) { instance { id } secret } }`;

/** Activates an instance on each of some deployments that customers run themselves: those that have a license and a free slot. */
export async function activateMachines(
  { processes }: LoadSystem,
  targets: readonly Target[],
  wanted: number,
): Promise<Machine[]> {
  const machines: Machine[] = [];
  for (const { accountId, kind, externalId, copy } of targets) {
    if (machines.length === wanted) break;
    if (kind !== 'SELF_MANAGED_INSTANCE' || copy > 0) continue;
    const scopes = ['instances:read', 'instances:write', 'instances:activate'];
    const token = await processes.identity.issueToken({ audience: 'product', account: accountId, scopes });
    const ask = async <Data>(document: string, input: object) =>
      (
        await postGraphql<Data>(processes.url, token, document, {
          input: { idempotencyKey: randomUUID(), ...input },
        })
      ).data;
    const made = await ask<{ createActivationCode: { code: string | null } }>(createDocument, {
      deploymentId: deploymentId(kind, externalId),
    });
    const code = made?.createActivationCode.code;
    if (!code) continue;
    const place = { instanceId: randomUUID(), hostName: 'bench.example.com', version: '18.6.1' };
    const activated = await ask<{ activateInstance: { instance: { id: string } | null; secret: string } }>(
      activateDocument,
      { code, ...place },
    );
    const { instance, secret } = activated?.activateInstance ?? { instance: null, secret: '' };
    if (instance !== null) machines.push({ token, id: instance.id, secret });
  }
  return machines;
}

/**
 * Has instances synchronize themselves through the gateway for a while, each telling of its users.
 * @returns how many synchronizations were answered
 * @throws when one is refused
 */
export async function measureSynchronizations(
  { processes }: LoadSystem,
  machines: readonly Machine[],
  { clients, seconds }: Load,
): Promise<Throughput> {
  const document = clientOperation('product/SynchronizeInstance');
  let turn = 0;
  const client = connectLoadClient(processes.url, clients);
  const synchronize = async () => {
    const machine = machines[turn++ % machines.length];
    if (machine === undefined) throw new Error('No instance could be activated');
    const { token, id, secret } = machine;
    const seats = [{ counts: [{ count: anotherCount(turn) }] }];
    const instance = { idempotencyKey: randomUUID(), id, secret, version: '18.6.1', seats };
    const answer = await client.send<{ synchronizeInstance: { licenseFile: object | null } }>(
      token,
      document,
      { instance },
    );
    if (!answer.data?.synchronizeInstance.licenseFile) {
      throw new Error(`A synchronization was refused: ${JSON.stringify(answer).slice(0, 500)}`);
    }
  };
  try {
    return await perSecond({ clients, seconds }, synchronize);
  } finally {
    await client.close();
  }
}

/** The floor: a bare fastify route that writes one row by one upsert. */
export async function measureUpserts(
  { server }: LoadSystem,
  { clients, seconds }: Load,
): Promise<Throughput> {
  const client = new pg.Client({ connectionString: server.urls.licenses });
  await client.connect();
  await client.query('CREATE TABLE IF NOT EXISTS floor_upsert (id uuid PRIMARY KEY, count integer NOT NULL)');
  const port = await freePort();
  const child = fork(fileURLToPath(new URL('bare-service.ts', import.meta.url)), {
    execArgv: ['--conditions=source', '--import', 'tsx'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: server.urls.licenses,
      STATEMENT: `INSERT INTO floor_upsert AS known (id, count) VALUES ($1, 1)
        ON CONFLICT (id) DO UPDATE SET count = known.count + 1 RETURNING id`,
    },
  });
  try {
    await once(child, 'message');
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections: clients });
    const ids = Array.from({ length: 200 }, () => randomUUID());
    let turn = 0;
    const reached = await perSecond({ clients, seconds }, async () => {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: ids[turn++ % ids.length] }),
      });
      await body.dump();
      if (statusCode !== 200) throw new Error(`The floor answered ${statusCode}`);
    });
    await pool.close();
    return reached;
  } finally {
    child.kill();
    await client.query('DROP TABLE floor_upsert');
    await client.end();
  }
}

async function perSecond({ clients, seconds }: Load, call: () => Promise<void>): Promise<Throughput> {
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  let done = 0;
  const work = async () => {
    while (performance.now() < until) {
      await call();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, work));
  return { done, perSecond: done / ((performance.now() - startedAt) / 1000) };
}
