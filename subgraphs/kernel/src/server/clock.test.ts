import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import type { DataSource } from 'typeorm';
import { afterAll, expect, test } from 'vitest';
import type { TestClocks } from '../domain/clock.js';
import { createServiceClock } from './clock.js';
import { createDataSource } from './data-source.js';
import { createLogger } from './logger.js';
import { migrate } from './migrate.js';
import { startPeriodic } from './periodic.js';
import { query } from './sql.js';
import { TestClockTables1764000000700 } from './test-clock-tables.js';
import { readTestClockChanges, resetTestClocks, testClockEntity } from './test-clocks.js';

const database = await createEmptyDatabase();
const statements: string[] = [];
const [dataSource, dataSourceElsewhere] = [await connect(), await connect()];
await migrate(dataSource);

/** One process of a service has one data source and one clock. */
async function connect(): Promise<DataSource> {
  const connected = await createDataSource({
    url: database.url,
    applicationName: 'kernel-test',
    entities: [testClockEntity as never],
    migrations: [TestClockTables1764000000700],
    onStatement: (statement) => statements.push(statement),
  }).initialize();
  afterAll(() => connected.destroy());
  return connected;
}

const realNow = new Date('2026-11-23T12:00:00Z');
const [spring, summer, autumn] = ['2027-04-01T00:00:00Z', '2027-07-01T00:00:00Z', '2027-10-01T00:00:00Z'].map(
  (text) => new Date(text),
) as [Date, Date, Date];

const newClock = () => createServiceClock(dataSource, { now: async () => realNow });

async function statementsOf<T>(work: () => Promise<T>): Promise<{ answer: T; count: number }> {
  const before = statements.length;
  const answer = await work();
  return { answer, count: statements.length - before };
}

test('without a test clock it is the system’s time, and a test clock is its own account’s alone', async () => {
  const clock = newClock();
  const [sandbox, other] = [randomUUID(), randomUUID()];
  expect(await clock.now(sandbox)).toEqual(realNow);
  await clock.transaction(({ testClocks }) => testClocks.set(sandbox, spring, 1));
  expect(await clock.now(sandbox)).toEqual(spring);
  expect(await clock.now(other)).toEqual(realNow);
  expect(await clock.now(null)).toEqual(realNow);
});

test('the machine’s clock tells the time when no other is given', async () => {
  const before = Date.now();
  const now = (await createServiceClock(dataSource).now(null)).getTime();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test('asking for the time takes no statement', async () => {
  const clock = newClock();
  const sandbox = randomUUID();
  await clock.transaction(({ testClocks }) => testClocks.set(sandbox, spring, 1));
  const { count } = await statementsOf(async () => {
    for (const account of [sandbox, randomUUID(), null]) await clock.now(account);
  });
  expect(count).toBe(0);
});

test('a transaction sees what it sets at once, the process once it is committed', async () => {
  const clock = newClock();
  const sandbox = randomUUID();
  await clock.transaction(async (scope) => {
    expect(await scope.clock.now(sandbox)).toEqual(realNow);
    await scope.testClocks.set(sandbox, spring, 1);
    expect(await scope.clock.now(sandbox)).toEqual(spring);
    expect(await clock.now(sandbox)).toEqual(realNow);
    await scope.testClocks.set(sandbox, summer, 2);
    expect(await scope.clock.now(sandbox)).toEqual(summer);
  });
  expect(await clock.now(sandbox)).toEqual(summer);
});

test('what is rolled back was never so', async () => {
  const clock = newClock();
  const sandbox = randomUUID();
  const failing = clock.transaction(async ({ testClocks }) => {
    await testClocks.set(sandbox, spring, 1);
    throw new Error('No');
  });
  await expect(failing).rejects.toThrow('No');
  await clock.refresh();
  expect(await clock.now(sandbox)).toEqual(realNow);
});

test('a process that starts later knows all test clocks, however early they were set', async () => {
  const sandboxes = Array.from({ length: 3 }, () => randomUUID());
  for (const sandbox of sandboxes) {
    await newClock().transaction(({ testClocks }) => testClocks.set(sandbox, spring, 1));
  }
  const started = newClock();
  const { count } = await statementsOf(() => started.refresh());
  expect(count).toBe(1);
  for (const sandbox of sandboxes) expect(await started.now(sandbox)).toEqual(spring);
});

test('find locks the row, gives its version, and shows where the clock stands', async () => {
  const sandbox = randomUUID();
  await newClock().transaction(({ testClocks }) => testClocks.set(sandbox, spring, 7));
  const late = newClock();
  await late.transaction(async ({ clock, testClocks }) => {
    expect(await testClocks.find(randomUUID())).toBeNull();
    expect(await testClocks.find(sandbox)).toEqual({ now: spring, version: 7 });
    expect(await clock.now(sandbox)).toEqual(spring);
    const free = await query(
      dataSource.manager,
      sql`SELECT FROM test_clock WHERE account_id = ${sandbox} FOR UPDATE SKIP LOCKED`,
    );
    expect(free).toEqual([]);
  });
});

test('the same or an older version changes nothing, and an earlier instant does not turn the clock back', async () => {
  const clock = newClock();
  const sandbox = randomUUID();
  const set = (now: Date, version: number) =>
    clock.transaction(({ testClocks }) => testClocks.set(sandbox, now, version));
  await set(summer, 5);
  await set(autumn, 5);
  await set(autumn, 4);
  expect(await clock.now(sandbox)).toEqual(summer);
  await set(spring, 6);
  expect(await clock.now(sandbox)).toEqual(summer);
  const found = await clock.transaction(({ testClocks }) => testClocks.find(sandbox));
  expect(found).toEqual({ now: summer, version: 6 });
});

test('a change that began early and was committed late is not missed', async () => {
  const [reader, first, second] = [newClock(), randomUUID(), randomUUID()];
  await newClock().transaction(async ({ testClocks }) => {
    await testClocks.set(first, spring, 1);
    await newClock().transaction((later) => later.testClocks.set(second, spring, 1));
    await reader.refresh();
    expect(await reader.now(second)).toEqual(spring);
    expect(await reader.now(first)).toEqual(realNow);
  });
  await reader.refresh();
  expect(await reader.now(first)).toEqual(spring);
});

test('a reading gives what was changed since the horizon of the one before, and nothing else', async () => {
  const { manager } = dataSource;
  const sandbox = randomUUID();
  const { horizon } = await readTestClockChanges(manager, '0');
  await newClock().transaction(({ testClocks }) => testClocks.set(sandbox, spring, 1));
  const changes = await readTestClockChanges(manager, horizon);
  expect(changes.clocks).toContainEqual({ accountId: sandbox, now: spring });
  expect(BigInt(changes.horizon)).toBeGreaterThanOrEqual(BigInt(horizon));
  const [present] = await query<{ xid: string }>(
    manager,
    sql`SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid`,
  );
  expect((await readTestClockChanges(manager, present?.xid ?? '0')).clocks).toEqual([]);
});

test('the clock of another process follows by itself, and neither goes back', async () => {
  const here = newClock();
  const elsewhere = createServiceClock(dataSourceElsewhere, { now: async () => realNow });
  const refreshing = startPeriodic(
    { name: 'refresh', failure: 'refresh', milliseconds: 1_000, run: () => elsewhere.refresh() },
    { logger: createLogger('test', 'silent'), observe: (_, work) => work() },
  );
  const sandbox = randomUUID();
  const seen: number[] = [];
  try {
    for (const [index, instant] of [spring, summer, autumn].entries()) {
      await here.transaction(({ testClocks }) => testClocks.set(sandbox, instant, index + 1));
      const deadline = performance.now() + 10_000;
      do {
        expect(await here.now(sandbox)).toEqual(instant);
        seen.push((await elsewhere.now(sandbox)).getTime());
        await sleep(20);
      } while (seen.at(-1) !== instant.getTime() && performance.now() < deadline);
      expect(seen.at(-1)).toBe(instant.getTime());
    }
  } finally {
    await refreshing.stop();
  }
  expect(seen).toEqual(seen.toSorted((left, right) => left - right));
});

test('whatever steps arrive in whatever order at two processes, none goes back and both agree in the end', async () => {
  const step = fc.record({
    process: fc.integer({ min: 0, max: 1 }),
    hours: fc.nat(1_000),
    version: fc.integer({ min: 1, max: 20 }),
    refresh: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const sandbox = randomUUID();
      const processes = [newClock(), newClock()] as const;
      const last = [spring.getTime(), spring.getTime()];
      // Both processes learn of the clock before anything is asked of it.
      const first = { process: 0, hours: 0, version: 0, refresh: true };
      for (const { process, hours, version, refresh } of [first, ...steps]) {
        const instant = new Date(spring.getTime() + hours * 3_600_000);
        const set = ({ testClocks }: { testClocks: TestClocks }) => testClocks.set(sandbox, instant, version);
        await processes[process === 0 ? 0 : 1].transaction(set);
        if (refresh) await Promise.all(processes.map((clock) => clock.refresh()));
        for (const [index, clock] of processes.entries()) {
          const now = (await clock.now(sandbox)).getTime();
          expect(now).toBeGreaterThanOrEqual(last[index] ?? 0);
          last[index] = now;
        }
      }
      await Promise.all(processes.map((clock) => clock.refresh()));
      const stored = await processes[0].transaction(({ testClocks }) => testClocks.find(sandbox));
      for (const clock of processes) expect(await clock.now(sandbox)).toEqual(stored?.now);
    }),
    { numRuns: 40 },
  );
});

test('a projection that is built again keeps its instants meanwhile, and takes the same versions again', async () => {
  const clock = newClock();
  const sandbox = randomUUID();
  await clock.transaction(({ testClocks }) => testClocks.set(sandbox, summer, 3));
  const row = () => dataSource.query('SELECT * FROM test_clock WHERE account_id = $1', [sandbox]);
  const before: unknown = await row();
  await dataSource.transaction((manager) => resetTestClocks(manager, 'subscriptions.test-clock'));
  expect(await row()).not.toEqual(before);
  const restarted = newClock();
  await restarted.refresh();
  expect(await restarted.now(sandbox)).toEqual(summer);
  await restarted.transaction(({ testClocks }) => testClocks.set(sandbox, summer, 3));
  expect(await row()).toEqual(before);
});

test('of two transactions that wait for each other, the one that PostgreSQL ends is run again', async () => {
  const clock = newClock();
  const [one, other] = [randomUUID(), randomUUID()];
  for (const id of [one, other]) await clock.transaction(({ testClocks }) => testClocks.set(id, spring, 1));
  let runs = 0;
  let haveFirst = 0;
  let tell: () => void = () => undefined;
  const bothHaveFirst = new Promise<void>((resolve) => (tell = resolve));
  const both = async ([first, second]: readonly [string, string]) =>
    clock.transaction(async ({ testClocks }) => {
      runs += 1;
      await testClocks.find(first);
      haveFirst += 1;
      if (haveFirst === 2) tell();
      await bothHaveFirst;
      await testClocks.find(second);
    });
  await Promise.all([both([one, other]), both([other, one])]);
  expect(runs).toBe(3);
});

test('what goes on beside work that failed writes nothing after the rollback', async () => {
  const accountId = randomUUID();
  let beside: Promise<unknown> = Promise.resolve();
  const failing = newClock().transaction(async ({ manager, testClocks }) => {
    const late = async () => {
      // Answered right before the work fails, as of two branches that are waited for together.
      for (let nth = 0; nth < 20; nth += 1) await query(manager, sql`SELECT pg_sleep(0.001)`);
      await testClocks.set(accountId, spring, 1);
    };
    beside = late().catch((error: unknown) => error);
    await query(manager, sql`SELECT pg_sleep(0.005)`);
    throw new Error('Killed');
  });
  await expect(failing).rejects.toThrow('Killed');
  expect(await beside).toMatchObject({ message: 'The transaction has failed, and takes no more statements' });
  expect((await readTestClockChanges(dataSource.manager, '0')).clocks).not.toContainEqual(
    expect.objectContaining({ accountId }),
  );
});
