/**
 * How much may be sent again: each read earns a part of a retry, each retry spends one. So retries stay a fixed part of
 * the load, however many requests fail, and never become the load that keeps a service down.
 */
export interface RetryBudgetRules {
  /** Retries earned by one read. */
  readonly perRead: number;
  /** The most that is saved; also what there is at the start. */
  readonly most: number;
}

/** One retry for ten reads, and ten to begin with. */
export const usualRetryBudget: RetryBudgetRules = { perRead: 0.1, most: 10 };

/** What may be sent again to one service; begins with the most that can be saved. */
export class RetryBudget {
  #saved: number;

  constructor(private readonly rules: RetryBudgetRules = usualRetryBudget) {
    this.#saved = rules.most;
  }

  earn(): void {
    this.#saved = Math.min(this.#saved + this.rules.perRead, this.rules.most);
  }

  /** False when there is nothing left to spend. */
  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
