import { gatewayError } from '../errors.js';
import type { CostBudget } from './budget/cost-budget.js';
import type { BudgetSize } from './budget/token-bucket.js';
import type { Variables } from './cost/amount.js';
import type { OperationCost } from './cost/compile-cost.js';

/** An operation that someone wants to have carried out. */
export interface Wish {
  readonly cost: Pick<OperationCost, 'estimate'>;
  readonly variables: Variables;
  /** Whose budget it comes from. */
  readonly holder: string;
  /** The holder's budget; undefined: it has none. */
  readonly budget: BudgetSize | undefined;
}

/** What `extensions.cost` of an answer says. */
export interface CostReport {
  /** What the operation could have cost at the most, as it was known before it ran. */
  readonly estimate: number;
  /** What it did cost. */
  readonly actual: number;
  /** What the viewer has left; missing where viewers have no budget. */
  readonly budget?: { readonly capacity: number; readonly remaining: number };
}

/** An operation that may be carried out. */
export interface Admission {
  readonly estimate: number;
  /** Puts what the answer did cost in place of the estimate. To be called once, whatever came of the operation. */
  settle(actual: number): CostReport;
}

/**
 * Decides, before any service is asked, whether an operation is carried out.
 *
 * Throws `QUERY_TOO_EXPENSIVE` when it could cost more than any operation may, and `COST_BUDGET_EXCEEDED`, with the time
 * after which it can be sent again, when the viewer has too little left.
 */
export type Admit = (wish: Wish) => Promise<Admission>;

/** @param limit what one operation may cost at the most; the capacity of a smaller budget limits it too */
export function createAdmit(limit: number, budgets: CostBudget): Admit {
  return async ({ cost, variables, holder, budget }) => {
    const estimate = cost.estimate(variables);
    const most = Math.min(limit, budget?.capacity ?? limit);
    if (estimate > most) throw tooExpensive(estimate, most);
    if (budget === undefined) {
      return { estimate, settle: (actual) => ({ estimate, actual }) };
    }
    const taken = await budgets.take(holder, budget, estimate);
    if (!taken.granted) throw overBudget(estimate, taken.remaining, taken.retryAfterMs);
    return {
      estimate,
      settle: (actual) => {
        if (actual !== estimate) budgets.settle(holder, budget, estimate - actual);
        const remaining = Math.floor(Math.min(budget.capacity, taken.remaining + estimate - actual));
        return { estimate, actual, budget: { capacity: budget.capacity, remaining } };
      },
    };
  };
}

function tooExpensive(estimate: number, most: number) {
  return gatewayError(
    'QUERY_TOO_EXPENSIVE',
    `The operation could cost ${count(estimate)}; ${count(most)} is allowed. Ask for smaller pages ` +
      '(`first`, `last`), above all of lists below lists.',
  );
}

function overBudget(estimate: number, remaining: number, retryAfterMs: number) {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return gatewayError(
    'COST_BUDGET_EXCEEDED',
    `The operation could cost ${count(estimate)} and ${count(Math.max(0, Math.floor(remaining)))} is left of the ` +
      `budget: send it again in ${retryAfterSeconds} s, or ask for smaller pages.`,
    { retryAfterSeconds },
  );
}

function count(amount: number): string {
  return amount.toLocaleString('en-US');
}
