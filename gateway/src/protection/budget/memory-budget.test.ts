import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryBudget } from './memory-budget.js';
import type { Taken } from './token-bucket.js';

const size = { capacity: 100, perSecond: 10 };

function budgetAt(start = 0) {
  const clock = { now: start };
  const budget = createMemoryBudget(() => clock.now);
  const take = (cost: number, holder = 'ada') => budget.take(holder, size, cost) as Taken;
  return { clock, budget, take };
}

describe('a budget', () => {
  it('can be spent at once, and says when there is enough again', () => {
    const { take } = budgetAt();
    expect(take(60)).toEqual({ granted: true, remaining: 40 });
    expect(take(60)).toEqual({ granted: false, remaining: 40, retryAfterMs: 2_000 });
    expect(take(40)).toEqual({ granted: true, remaining: 0 });
  });

  it('fills with time, up to its capacity', () => {
    const { clock, take } = budgetAt();
    take(100);
    clock.now = 2_500;
    expect(take(0)).toEqual({ granted: true, remaining: 25 });
    clock.now = 3_600_000;
    expect(take(0)).toEqual({ granted: true, remaining: 100 });
  });

  it('is each holder’s own', () => {
    const { take } = budgetAt();
    take(100);
    expect(take(100, 'ben').granted).toBe(true);
  });

  it('gets back what was not needed, and owes what was needed beyond the estimate', () => {
    const { budget, take } = budgetAt();
    take(80);
    budget.settle('ada', size, 50);
    expect(take(70).granted).toBe(true);
    budget.settle('ada', size, -30);
    expect(take(1)).toEqual({ granted: false, remaining: -30, retryAfterMs: 3_100 });
    budget.settle('ada', size, 1_000);
    expect(take(0).remaining).toBe(100);
  });

  it('loses nothing to a clock that goes back', () => {
    const { clock, take } = budgetAt(10_000);
    take(50);
    clock.now = 5_000;
    expect(take(0).remaining).toBe(50);
  });

  it('never gives out more than was saved up and came in', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 5_000 })));
    fc.assert(
      fc.property(steps, (wishes) => {
        const { clock, take } = budgetAt();
        let spent = 0;
        for (const [cost, pause] of wishes) {
          clock.now += pause;
          if (take(cost).granted) spent += cost;
        }
        expect(spent).toBeLessThanOrEqual(size.capacity + (clock.now / 1000) * size.perSecond + 1e-6);
      }),
    );
  });
});
