import { randomUUID } from 'node:crypto';
import { createViewerTokenMint } from '@fulfillment/gateway/identity/viewer-token';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { startSystem } from '../kit/system.js';

const system = await startSystem();
const blocking = new pg.Client({ connectionString: system.databaseUrls.orders });
const watching = new pg.Client({ connectionString: system.databaseUrls.orders });
await Promise.all([blocking.connect(), watching.connect()]);
afterAll(() => Promise.all([blocking.end(), watching.end()]));

// Whatever touches accounts waits until the test is over.
beforeEach(async () => {
  await blocking.query('BEGIN');
  await blocking.query('LOCK TABLE account IN ACCESS EXCLUSIVE MODE');
});
const unblock = () => blocking.query('ROLLBACK');
afterEach(unblock);

/** How many statements of the orders service wait for the table. */
async function waiting(): Promise<number> {
  const { rowCount } = await watching.query(
    "SELECT FROM pg_stat_activity WHERE application_name = 'orders' AND wait_event_type = 'Lock' AND datname = current_database()",
  );
  return rowCount ?? 0;
}

const scopes = ['accounts:read', 'sandbox:write'];
const token = await system.identity.issueToken({ audience: 'internal', scopes });

/** Asks the gateway; the client can leave. */
function ask(query: string, variables: object = {}) {
  const leaving = new AbortController();
  const answer = fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  }).then(
    (response) => response.json() as Promise<{ data: unknown }>,
    () => 'left',
  );
  return { answer, leave: () => leaving.abort() };
}

const allAccounts = '{ accounts { totalCount } }';

it('a client that leaves takes its statement with it', async () => {
  const { answer, leave } = ask(allAccounts);
  await expect.poll(waiting, { timeout: 5_000 }).toBeGreaterThan(0);
  leave();
  expect(await answer).toBe('left');
  await expect.poll(waiting, { timeout: 5_000 }).toBe(0);
});

it('a statement that is shared goes on until the last client has left', async () => {
  const [one, other] = [ask(allAccounts), ask(allAccounts)];
  await expect.poll(waiting, { timeout: 5_000 }).toBeGreaterThan(0);
  const shared = await waiting();
  one.leave();
  expect(await one.answer).toBe('left');
  // Another request, to see that the gateway has taken notice.
  const third = ask('{ accounts { nodes { id } } }');
  await expect.poll(waiting, { timeout: 5_000 }).toBeGreaterThan(shared);
  third.leave();
  await expect.poll(waiting, { timeout: 5_000 }).toBe(shared);
  other.leave();
  await expect.poll(waiting, { timeout: 5_000 }).toBe(0);
});

it('a statement ends with the time that the service was given', async () => {
  const mint = createViewerTokenMint(JSON.parse(system.identity.viewerSigningKey), Date.now);
  const viewerToken = mint({ audience: 'internal', subject: 'test', scopes: new Set(scopes) });
  const answer = fetch(`${system.serviceUrl('orders')}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${viewerToken}`,
      'x-deadline-ms': '1500',
    },
    body: JSON.stringify({ query: allAccounts }),
  }).then((response) => response.json() as Promise<{ errors: { extensions: { code: string } }[] }>);
  await expect.poll(waiting, { timeout: 5_000 }).toBeGreaterThan(0);
  await expect.poll(waiting, { timeout: 5_000 }).toBe(0);
  expect((await answer).errors[0]?.extensions.code).toBe('DEADLINE_EXCEEDED');
});

it('a mutation goes on when its client leaves', async () => {
  const name = `Left alone ${randomUUID()}`;
  const { answer, leave } = ask(
    `mutation ($input: OpenSandboxAccountInput!) { openSandboxAccount(input: $input) { account { id } } }`,
    {
      input: {
        idempotencyKey: randomUUID(),
        name,
        countryCode: 'NL',
        billingTimeZone: 'Europe/Amsterdam',
        currency: 'USD',
      },
    },
  );
  await expect.poll(waiting, { timeout: 5_000 }).toBeGreaterThan(0);
  leave();
  expect(await answer).toBe('left');
  // A query that is left at the same moment is given up; the mutation is not.
  const query = ask(allAccounts);
  await expect.poll(waiting, { timeout: 5_000 }).toBeGreaterThan(1);
  query.leave();
  await expect.poll(waiting, { timeout: 5_000 }).toBe(1);
  await unblock();
  const named = async () => (await watching.query('SELECT FROM account WHERE name = $1', [name])).rowCount;
  await expect.poll(named, { timeout: 5_000 }).toBe(1);
});
