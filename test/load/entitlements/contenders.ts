import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { deploymentId } from '@fulfillment/kernel/domain/ids';
import { freePort } from '../../kit/free-port.js';
import { clientOperation } from '../../kit/operations.js';
import { processNames } from '../../kit/process-group.js';
import type { LoadSystem } from '../load-system.js';
import type { Target } from './multiply-deployments.js';

/** What answers, and how it is asked for a deployment. */
export interface Contender {
  readonly name: string;
  readonly url: string;
  /** Its processes; PostgreSQL's come on top. */
  readonly pids: readonly number[];
  readonly requests: readonly PreparedRequest[];
}

/** A request that is sent as it is. */
export interface PreparedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The three that are measured, and what stops those that are not the system's own. */
export interface Contenders {
  readonly all: readonly Contender[];
  stop(): void;
}

const json = { 'content-type': 'application/json' };

/** Starts what the product's operation is held against. */
export async function startContenders(system: LoadSystem, targets: readonly Target[]): Promise<Contenders> {
  const { urls } = system.server;
  const children: ChildProcess[] = [];
  const start = async (file: string, environment: Record<string, string>) => {
    const port = await freePort();
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
      execArgv: ['--conditions=source', '--import', 'tsx'],
      env: { ...process.env, NODE_ENV: 'production', PORT: String(port), ...environment },
    });
    children.push(child);
    await once(child, 'message');
    return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0 };
  };
  const bare = async (url: string, table: string, column: string) =>
    start('bare-service.ts', {
      DATABASE_URL: url,
      STATEMENT: `SELECT * FROM ${table} WHERE ${column} = $1 LIMIT 1`,
    });
  const services = [
    { by: 'deployment', ...(await bare(urls.licenses, 'deployment', 'id')) },
    { by: 'account', ...(await bare(urls.subscriptions, 'billing_subscription_head', 'account_id')) },
    { by: 'account', ...(await bare(urls.orders, 'account', 'id')) },
    { by: 'account', ...(await bare(urls.partners, 'viewer_grant', 'subject_id')) },
  ];
  const hop = await start('bare-hop.ts', {
    SERVICES: JSON.stringify(services.map(({ url, by }) => ({ url, by }))),
  });
  const byHand = await start('one-statement.ts', { DATABASE_URL: urls.licenses });
  const bareRequests = targets.map(({ accountId, kind, externalId }) => ({
    headers: json,
    body: JSON.stringify({ account: accountId, deployment: deploymentId(kind, externalId) }),
  }));
  return {
    all: [
      await product(system, targets),
      { name: 'one statement by hand', url: byHand.url, pids: [byHand.pid], requests: bareRequests },
      {
        name: 'floor: hop and 4 selects',
        url: hop.url,
        pids: [hop.pid, ...services.map(({ pid }) => pid)],
        requests: bareRequests,
      },
    ],
    stop: () => {
      for (const child of children) child.kill();
    },
  };
}

/** The product's own operation through the gateway, each deployment with a token of its account. */
async function product({ processes }: LoadSystem, targets: readonly Target[]): Promise<Contender> {
  const query = clientOperation('product/Entitlements');
  const requests: PreparedRequest[] = [];
  for (const { accountId, kind, externalId } of targets) {
    const token = await processes.identity.issueToken({ audience: 'product', account: accountId });
    requests.push({
      headers: { ...json, authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { deploymentKind: kind, externalId } }),
    });
  }
  const pids = processNames.flatMap((name) => processes.pid(name) ?? []);
  return { name: 'product Entitlements', url: processes.url, pids, requests };
}
