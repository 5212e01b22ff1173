import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasRedis, startRedis } from '../../../test/kit/redis.js';
import { connectRedis } from '../../redis.js';
import { createMemoryBudget } from './memory-budget.js';
import { createRedisBudget } from './redis-budget.js';

const size = { capacity: 100, perSecond: 10 };
const slow = { capacity: 100, perSecond: 0.001 };
const logger = pino({ level: 'silent' });

describe.runIf(hasRedis())('budgets in Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  const connections: Redis[] = [];

  /** As another gateway has it. */
  async function connect() {
    const connection = connectRedis(redis.url, logger);
    connections.push(connection);
    await expect.poll(() => connection.status, { timeout: 10_000 }).toBe('ready');
    const budget = createRedisBudget(
      connection,
      createMemoryBudget(() => performance.now()),
      logger,
    );
    return { budget, connection };
  }

  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(async () => {
    const { connection } = await connect();
    await connection.flushall();
  });
  afterAll(async () => {
    for (const connection of connections) connection.disconnect();
    await redis.kill();
  });

  it('are shared by all gateways', async () => {
    const [one, other] = [await connect(), await connect()];
    expect(await one.budget.take('ada', slow, 70)).toMatchObject({ granted: true });
    const refused = await other.budget.take('ada', slow, 70);
    expect(refused).toMatchObject({ granted: false });
    expect(refused.remaining).toBeCloseTo(30, 1);
    expect(await other.budget.take('ben', slow, 70)).toMatchObject({ granted: true });
  });

  it('give each unit out once, however many ask at the same time', async () => {
    const gateways = await Promise.all([connect(), connect(), connect()]);
    const taken = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => gateways[index % 3]?.budget.take('ada', slow, 1)),
    );
    expect(taken.filter((one) => one?.granted)).toHaveLength(100);
  });

  it('say when there is enough again, and fill with time', async () => {
    const { budget } = await connect();
    const quick = { capacity: 100, perSecond: 1_000 };
    await budget.take('ada', size, 100);
    const refused = await budget.take('ada', size, 50);
    expect(refused.granted ? 0 : refused.retryAfterMs).toBeGreaterThan(3_000);
    expect(refused.granted ? 0 : refused.retryAfterMs).toBeLessThanOrEqual(5_000);
    await budget.take('ben', quick, 100);
    await expect.poll(async () => (await budget.take('ben', quick, 50)).granted).toBe(true);
  });

  it('get back what was not needed, and are forgotten when they are full', async () => {
    const { budget, connection } = await connect();
    const brisk = { capacity: 100, perSecond: 100 };
    await budget.take('ada', brisk, 80);
    budget.settle('ada', brisk, 80);
    await expect
      .poll(async () => (await budget.take('ada', brisk, 0)).remaining)
      .toBeGreaterThanOrEqual(100 - 1e-6);
    expect(await connection.keys('*')).toHaveLength(1);
    await expect.poll(() => connection.keys('*'), { timeout: 10_000 }).toEqual([]);
  });

  it('hold per process while Redis is away, and are shared again after', async () => {
    const { budget } = await connect();
    await budget.take('ada', slow, 60);
    await redis.kill();
    expect(await budget.take('ada', slow, 60)).toMatchObject({ granted: true });
    expect(await budget.take('ada', slow, 60)).toMatchObject({ granted: false });
    budget.settle('ada', slow, 60);
    expect(await budget.take('ada', slow, 60)).toMatchObject({ granted: true });
    await redis.restart();
    await expect
      .poll(async () => (await budget.take('ada', slow, 60)).granted, { timeout: 20_000 })
      .toBe(true);
  });
});
