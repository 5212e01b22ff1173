/** How much cost a viewer may spend: at once, and over time. */
export interface BudgetSize {
  /** The most that can be saved up. */
  readonly capacity: number;
  /** What comes in each second. */
  readonly perSecond: number;
}

/** What is in a bucket at an instant, in milliseconds of any one clock. */
export interface Level {
  readonly tokens: number;
  readonly at: number;
}

/** What became of a wish to spend. */
export type Taken =
  | { readonly granted: true; readonly remaining: number }
  | { readonly granted: false; readonly remaining: number; readonly retryAfterMs: number };

/** What is in the bucket by now. A clock that went back fills nothing. */
export function refilled({ tokens, at }: Level, { capacity, perSecond }: BudgetSize, now: number): Level {
  return { tokens: Math.min(capacity, tokens + (Math.max(0, now - at) / 1000) * perSecond), at: now };
}

/** Spends all of `cost` or nothing of it; a level below zero is possible where more was spent than was thought. */
export function take(level: Level, size: BudgetSize, cost: number): { level: Level; taken: Taken } {
  const remaining = level.tokens - cost;
  if (remaining >= 0) return { level: { ...level, tokens: remaining }, taken: { granted: true, remaining } };
  return {
    level,
    taken: { granted: false, remaining: level.tokens, retryAfterMs: (-remaining / size.perSecond) * 1000 },
  };
}

/** Corrects what was spent by what it turned out to be: a positive amount comes back, a negative one is spent too. */
export function settle(level: Level, { capacity }: BudgetSize, amount: number): Level {
  return { ...level, tokens: Math.min(capacity, level.tokens + amount) };
}
