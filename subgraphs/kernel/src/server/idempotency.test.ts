import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import { afterAll, expect, it } from 'vitest';
import { createDataSource } from './data-source.js';
import type { IdempotentCall } from '../domain/idempotent-call.js';
import { answerOnce, forgetOldAnswers } from './idempotency.js';
import { writingTransaction } from './last-writes.js';
import { migrate } from './migrate.js';
import { MessagingTables1764000000000 } from './messaging/messaging-tables.js';

const database = await createEmptyDatabase();
const dataSource = await createDataSource({
  url: database.url,
  applicationName: 'kernel-test',
  entities: [],
  migrations: [MessagingTables1764000000000],
}).initialize();
await migrate(dataSource);
afterAll(() => dataSource.destroy());

const call: IdempotentCall = {
  client: 'product:1',
  mutation: 'placeOrder',
  key: 'key-0001',
  input: { a: 1, b: 2 },
};

let worked = 0;
const answer = (given: IdempotentCall, work = async () => ({ number: (worked += 1) })) =>
  writingTransaction(dataSource, (manager, lastWrites) => answerOnce({ manager, lastWrites }, given, work));

it('does the work once for many calls at the same moment, and gives all the same answer', async () => {
  const given = { ...call, key: 'key-race' };
  const answers = await Promise.all(Array.from({ length: 8 }, () => answer(given)));
  expect(worked).toBe(1);
  expect(answers.filter((one) => one.kind === 'ANSWERED' && !one.repeated)).toHaveLength(1);
  expect(new Set(answers.map((one) => JSON.stringify(one.kind === 'ANSWERED' && one.answer))).size).toBe(1);
});

it('knows an input again whatever the order of its fields, and refuses another one', async () => {
  await answer({ ...call, input: { a: 1, b: { c: [1, 2], d: null } } });
  expect(await answer({ ...call, input: { b: { d: null, c: [1, 2] }, a: 1 } })).toMatchObject({
    repeated: true,
  });
  expect(await answer({ ...call, input: { a: 1, b: { c: [2, 1], d: null } } })).toEqual({
    kind: 'REFUSED',
    reason: 'IDEMPOTENCY_KEY_REUSED',
  });
});

it('keeps nothing of a failure, so that the call can be made again', async () => {
  const given = { ...call, key: 'key-fails' };
  await expect(answer(given, () => Promise.reject(new Error('database gone')))).rejects.toThrow(
    'database gone',
  );
  expect(await answer(given)).toMatchObject({ kind: 'ANSWERED', repeated: false });
});

it('keeps the keys of two clients and two mutations apart', async () => {
  const given = { ...call, key: 'key-shared' };
  await answer(given);
  expect(await answer({ ...given, client: 'product:2' })).toMatchObject({ repeated: false });
  expect(await answer({ ...given, mutation: 'other' })).toMatchObject({ repeated: false });
});

it('forgets answers after seven days, however many there are, and no younger ones', async () => {
  await dataSource.query('TRUNCATE idempotency_key');
  await dataSource.query(
    `INSERT INTO idempotency_key (client, mutation, key, input_hash, answer, created_at)
     SELECT 'product:1', 'placeOrder', number, '', '{}', now() - interval '7 days' - interval '1 second'
     FROM generate_series(1, 2500) AS number`,
  );
  const young = { ...call, key: 'key-young' };
  await answer(young);
  await dataSource.query(
    "UPDATE idempotency_key SET created_at = now() - interval '167 hours' WHERE key = 'key-young'",
  );
  await forgetOldAnswers(dataSource.manager);
  expect(await dataSource.query('SELECT key FROM idempotency_key')).toEqual([{ key: 'key-young' }]);
  expect(await answer(young)).toMatchObject({ repeated: true });
});
