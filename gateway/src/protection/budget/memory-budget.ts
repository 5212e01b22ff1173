import { LRUCache } from 'lru-cache';
import type { CostBudget } from './cost-budget.js';
import { refilled, settle, take, type BudgetSize, type Level } from './token-bucket.js';

/** Holders that are remembered; one that is forgotten has its whole budget again. */
const rememberedHolders = 100_000;

/**
 * Budgets in the memory of this process.
 *
 * @param now milliseconds that only go forward, for example `performance.now`
 */
export function createMemoryBudget(now: () => number, capacity = rememberedHolders): CostBudget {
  const levels = new LRUCache<string, Level>({ max: capacity });
  const levelOf = (holder: string, size: BudgetSize) =>
    refilled(levels.get(holder) ?? { tokens: size.capacity, at: now() }, size, now());

  return {
    take(holder, size, cost) {
      const { level, taken } = take(levelOf(holder, size), size, cost);
      levels.set(holder, level);
      return taken;
    },
    settle(holder, size, amount) {
      levels.set(holder, settle(levelOf(holder, size), size, amount));
    },
  };
}
