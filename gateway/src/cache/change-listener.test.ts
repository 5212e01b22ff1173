import { cloneBus } from '@fulfillment/test/kit/postgres';
import { changesChannel } from '@fulfillment/schema/events/cache-tags';
import pg from 'pg';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { listenForChanges, type ChangeListener } from './change-listener.js';

const database = await cloneBus();
const client = new pg.Client({ connectionString: database.url });
await client.connect();
afterAll(() => client.end());

const listeners: ChangeListener[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.stop();
});

function listen(url = database.url) {
  const told: string[] = [];
  listeners.push(
    listenForChanges({
      url,
      heartbeatMs: 200,
      receiver: {
        connected: () => told.push('connected'),
        changed: ({ service, tags }) => told.push(`${service}: ${tags.join(' ')}`),
        lost: () => told.push('lost'),
      },
    }),
  );
  return { told, until: (expected: string[]) => vi.waitFor(() => expect(told).toEqual(expected), 10_000) };
}

const notify = (payload: string) => client.query('SELECT pg_notify($1, $2)', [changesChannel, payload]);
const notice = (...tags: string[]) => JSON.stringify({ service: 'orders', id: tags.join(), tags });

it('tells each listener of every change, in order', async () => {
  const [one, other] = [listen(), listen()];
  await Promise.all([one.until(['connected']), other.until(['connected'])]);
  await notify(notice('account:a', 'catalog'));
  await notify(notice('account:b'));
  const expected = ['connected', 'orders: account:a catalog', 'orders: account:b'];
  await Promise.all([one.until(expected), other.until(expected)]);
  expect(one.told).toEqual(other.told);
});

it('tells that the connection was lost before it tells that it is back', async () => {
  const { told, until } = listen();
  await until(['connected']);
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gateway' AND datname = current_database()`,
  );
  await until(['connected', 'lost', 'connected']);
  await notify(notice('catalog'));
  await until(['connected', 'lost', 'connected', 'orders: catalog']);
  expect(told).toHaveLength(4);
});

it('takes a notice that it cannot read for one about everything', async () => {
  const { told, until } = listen();
  await until(['connected']);
  await notify('nonsense');
  await until(['connected', 'lost', 'connected']);
  expect(told).toHaveLength(3);
});

it('keeps trying while nobody answers', async () => {
  const { told } = listen('postgres://nobody@127.0.0.1:1/nothing');
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(2), 10_000);
  expect(new Set(told)).toEqual(new Set(['lost']));
});
