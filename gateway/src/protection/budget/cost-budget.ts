import type { BudgetSize, Taken } from './token-bucket.js';

/** What viewers have left to spend. A holder without an entry has all of its budget. */
export interface CostBudget {
  /** Spends all of `cost` or nothing of it, at once with every other wish of the holder. */
  take(holder: string, size: BudgetSize, cost: number): Taken | Promise<Taken>;
  /** Corrects what was taken: a positive amount comes back, a negative one is spent too. Never fails, never waits. */
  settle(holder: string, size: BudgetSize, amount: number): void;
}
