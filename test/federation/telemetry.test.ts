import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { startSystem } from '../kit/system.js';
import { type CollectedSpan, startTraceCollector } from '../kit/trace-collector.js';

const collector = await startTraceCollector();
const lines: string[] = [];
const system = await startSystem({
  observed: { endpoint: collector.endpoint, logTo: { write: (line) => void lines.push(line) } },
});

/** A machine that does much else at the same time takes long. */
const patience = { timeout: 20_000 };

const clientSpanId = '00f067aa0ba902b7';
const newTraceId = () => randomUUID().replaceAll('-', '');
const token = await system.identity.issueToken({
  audience: 'internal',
  scopes: ['sandbox:write', 'accounts:read'],
});

interface Answer {
  readonly data?: {
    readonly openSandboxAccount: { readonly account: { readonly id: string } | null } | null;
  };
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly traceId: string } }[];
}

/** Opens a sandbox account as a client who records a trace. */
async function openAccount(traceId: string, name: string, idempotencyKey: string): Promise<Answer> {
  const response = await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      traceparent: `00-${traceId}-${clientSpanId}-01`,
    },
    body: JSON.stringify({
      query: `mutation ($input: OpenSandboxAccountInput!) {
        openSandboxAccount(input: $input) { account { id name } userErrors { code } }
      }`,
      variables: {
        input: { idempotencyKey, name, countryCode: 'DE', billingTimeZone: 'Europe/Berlin', currency: 'EUR' },
      },
    }),
  });
  return (await response.json()) as Answer;
}

const spansOf = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId);

/** From a span up to what the client said, by service and name. */
function wayUp(span: CollectedSpan | undefined): string[] {
  if (span === undefined) return [];
  const parent = spansOf(span.traceId).find(({ spanId }) => spanId === span.parentSpanId);
  const above = parent === undefined ? [span.parentSpanId ?? 'none'] : wayUp(parent);
  return [`${span.service}: ${span.name}`, ...above];
}

async function untilSpan(traceId: string, service: string, name: string): Promise<CollectedSpan> {
  const find = () => spansOf(traceId).find((span) => span.service === service && span.name === name);
  await expect.poll(find, patience).toBeDefined();
  return find() as CollectedSpan;
}

async function metricsOf(service: ServiceName): Promise<string> {
  return (await fetch(system.metricsUrl(service))).text();
}

/** What no trace, log line or metric may ever hold. */
const secret = { name: 'Confidential Holding', key: 'confidential-key-4711' };
const traceId = newTraceId();
const answer = await openAccount(traceId, secret.name, secret.key);

describe('a trace', () => {
  it('goes from the client through the gateway into the SQL of a service, and on by the event into that of another', async () => {
    expect(answer.errors).toBeUndefined();
    await untilSpan(traceId, 'gateway', 'request');
    await untilSpan(traceId, 'orders', 'request');
    // What a transaction leaves to its end is one statement: here the event, and the answer that is kept.
    const written = await untilSpan(traceId, 'orders', 'WITH outbox');
    const request = ['orders: request', 'gateway: fetch orders', 'gateway: request', clientSpanId];
    expect(wayUp(written)).toEqual(['orders: WITH outbox', ...request]);
    expect(written.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.operation.name': 'WITH',
      'db.collection.name': 'outbox',
    });

    await untilSpan(traceId, 'orders', 'publish orders.account');
    await untilSpan(traceId, 'subscriptions', 'process orders.account');
    const taken = await untilSpan(traceId, 'subscriptions', 'INSERT account');
    expect(wayUp(taken)).toEqual([
      'subscriptions: INSERT account',
      'subscriptions: process orders.account',
      'orders: publish orders.account',
      ...request,
    ]);
    expect(spansOf(traceId).filter(({ failed }) => failed)).toEqual([]);
  });

  it('says what was asked in words of the contract alone', async () => {
    const { attributes } = await untilSpan(traceId, 'orders', 'request');
    expect(attributes).toMatchObject({
      'http.route': '/graphql',
      'http.response.status_code': 200,
      'fulfillment.asked.kind': 'mutation',
      'fulfillment.asked.field': 'openSandboxAccount',
    });
  });

  it('is not recorded by a service when its sender does not record it, but named in its errors', async () => {
    const unsampled = newTraceId();
    const response = await fetch(`${system.serviceUrl('orders')}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${unsampled}-${clientSpanId}-00` },
      body: JSON.stringify({ query: '{ accounts { totalCount } }' }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED', traceId: unsampled } }],
    });
    const after = newTraceId();
    await openAccount(after, 'After', randomUUID());
    await untilSpan(after, 'orders', 'request');
    expect(spansOf(unsampled)).toEqual([]);
  });
});

describe('an error of a service', () => {
  const send = (traceId: string, body: () => AsyncGenerator<string>) =>
    fetch(`${system.serviceUrl('orders')}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${traceId}-${clientSpanId}-00`,
      },
      body: Readable.from(body()),
      duplex: 'half',
    } as never);

  it.each([
    ['of a request that comes in pieces', '{"query":"{ accounts { totalCount } }"}', 401, 'UNAUTHENTICATED'],
    ['of a body that is no JSON', '{"query":', 400, 'BAD_REQUEST'],
    ['of a body that is too large', `{"query":"${'x'.repeat(5 * 1024 * 1024)}"}`, 413, 'BAD_REQUEST'],
  ])('%s carries the trace id', async (_, text, status, code) => {
    const ofThis = newTraceId();
    const response = await send(ofThis, async function* () {
      yield text.slice(0, 5);
      await sleep(50);
      yield text.slice(5);
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code, traceId: ofThis } }] });
  });
});

describe('what a client sends', () => {
  it('stands in no span, log line or metric, even where a statement with it fails', async () => {
    const orders = new pg.Client({ connectionString: system.databaseUrls.orders });
    await orders.connect();
    await orders.query(
      "ALTER TABLE account ADD CONSTRAINT no_such_name CHECK (name <> 'Confidential Failure')",
    );
    await orders.end();
    const failed = newTraceId();
    const refused = await openAccount(failed, 'Confidential Failure', 'confidential-key-4712');
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', traceId: failed });
    await expect
      .poll(
        () => lines.filter((line) => line.includes(failed)).map((line) => JSON.parse(line) as object),
        patience,
      )
      .toContainEqual(
        expect.objectContaining({
          service: 'orders',
          msg: 'A resolver failed',
          err: expect.objectContaining({ code: '23514', constraint: 'no_such_name' }) as object,
        }),
      );
    await untilSpan(failed, 'gateway', 'request');
    const insert = await untilSpan(failed, 'orders', 'INSERT account');
    expect(insert.failed).toBe(true);
    expect((await untilSpan(failed, 'orders', 'request')).failed).toBe(true);

    const told = [...collector.bodies, ...lines, await metricsOf('orders'), await metricsOf('subscriptions')];
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter((text) => /confidential|eyJ[\w-]{10}/i.test(text))).toEqual([]);
    expect(told.filter((text) => text.includes(token))).toEqual([]);
  });
});

describe('the metrics of a service', () => {
  const orders = 'service="orders"';
  it.each([
    `service_requests_total{kind="mutation",field="openSandboxAccount",outcome="ok",${orders}} `,
    `service_requests_total{kind="mutation",field="openSandboxAccount",outcome="failed",${orders}} 1`,
    `service_requests_total{kind="none",field="none",outcome="refused",${orders}} `,
    `service_request_duration_seconds_count{${orders},kind="mutation",field="openSandboxAccount"} `,
    `service_statement_duration_seconds_count{${orders},statement="INSERT outbox"} `,
    `service_events_published_total{topic="orders.account",${orders}} `,
    `service_pool_connections{state="limit",${orders}} 10`,
    `service_pool_waiting{${orders}} 0`,
    `service_outbox_waiting{${orders}} 0`,
    `service_outbox_age_seconds{${orders}} 0`,
    `service_inbox_waiting{${orders}} `,
    `service_inbox_lag_seconds{${orders}} `,
    `service_inbox_retrying{${orders}} 0`,
    `service_inbox_dead_letters{${orders}} 0`,
    `service_inbox_held{${orders}} 0`,
    `service_periodic_runs_total{work="grant-reading",outcome="ok",${orders}} `,
    `service_periodic_duration_seconds_count{${orders},work="grant-reading"} `,
    `process_cpu_seconds_total{${orders}} `,
  ])('of orders have %s', async (start) => {
    await expect
      .poll(
        async () => (await metricsOf('orders')).split('\n').filter((line) => line.startsWith(start)),
        patience,
      )
      .toHaveLength(1);
  });

  it('of subscriptions have what fell due and failed', async () => {
    const database = new pg.Pool({ connectionString: system.databaseUrls.subscriptions, max: 1 });
    await database.query(
      `INSERT INTO scheduled_order (order_id, account_id, due_at, payload) VALUES ($1, $2, '2026-01-01', '{}')`,
      [randomUUID(), randomUUID()],
    );
    await database.end();
    await expect
      .poll(() => metricsOf('subscriptions'), patience)
      .toMatch(/^service_due_work_set_aside_total\{kind="ORDER",service="subscriptions"\} 1$/m);
  });

  it('of subscriptions have what it took in', async () => {
    await expect
      .poll(() => metricsOf('subscriptions'), patience)
      .toMatch(
        /^service_deliveries_total\{topic="orders.account",outcome="ok",service="subscriptions"\} \d/m,
      );
  });
});
