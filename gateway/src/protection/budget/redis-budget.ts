import type { Redis, Result } from 'ioredis';
import type { Logger } from 'pino';
import type { CostBudget } from './cost-budget.js';
import type { BudgetSize, Taken } from './token-bucket.js';

/**
 * One step of a bucket, as `token-bucket.ts` has it, by the clock of Redis. A bucket that would be full again is
 * forgotten. Numbers go back as texts, because Redis cuts them to integers.
 *
 * KEYS: the bucket. ARGV: capacity, per second, cost (negative: comes back), "take" or "settle".
 * Returns granted (1 or 0), what remains, and how many milliseconds to wait.
 */
const script = `
local capacity, perSecond, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local level = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = capacity
if level[1] then
  tokens = math.min(capacity, level[1] + math.max(0, now - level[2]) / 1000 * perSecond)
end
if ARGV[4] == 'take' and tokens < cost then
  return { 0, tostring(tokens), tostring((cost - tokens) / perSecond * 1000) }
end
tokens = math.min(capacity, tokens - cost)
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.3f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - tokens) / perSecond * 1000) + 1000)
return { 1, tostring(tokens), '0' }
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    spendCostBudget(
      key: string,
      capacity: number,
      perSecond: number,
      cost: number,
      step: 'take' | 'settle',
    ): Result<[number, string, string], Context>;
  }
}

/**
 * Budgets that all gateways share. While Redis does not answer, each gateway holds viewers to the budget by itself
 * (`otherwise`): a viewer may then spend it once at each gateway, and nobody is refused because Redis is down.
 */
export function createRedisBudget(redis: Redis, otherwise: CostBudget, logger: Logger): CostBudget {
  redis.defineCommand('spendCostBudget', { numberOfKeys: 1, lua: script });
  let reachable = true;
  const note = (reached: boolean, error?: unknown) => {
    if (reached === reachable) return;
    reachable = reached;
    if (reached) logger.info({ event: 'cost-budget' }, 'Cost budgets are shared again');
    else logger.warn({ event: 'cost-budget', err: error }, 'Redis does not answer: budgets hold per process');
  };
  const spend = async (holder: string, size: BudgetSize, cost: number, step: 'take' | 'settle') => {
    const answer = await redis.spendCostBudget(keyOf(holder), size.capacity, size.perSecond, cost, step);
    note(true);
    return toTaken(answer);
  };

  return {
    take: async (holder, size, cost) => {
      try {
        return await spend(holder, size, cost, 'take');
      } catch (error) {
        note(false, error);
        return otherwise.take(holder, size, cost);
      }
    },
    settle: (holder, size, amount) => {
      if (!reachable) otherwise.settle(holder, size, amount);
      else spend(holder, size, -amount, 'settle').catch((error: unknown) => note(false, error));
    },
  };
}

function keyOf(holder: string): string {
  return `gateway:cost-budget:${holder}`;
}

function toTaken([granted, remaining, retryAfterMs]: [number, string, string]): Taken {
  return granted === 1
    ? { granted: true, remaining: Number(remaining) }
    : { granted: false, remaining: Number(remaining), retryAfterMs: Number(retryAfterMs) };
}
