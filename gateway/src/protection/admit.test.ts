import { describe, expect, it } from 'vitest';
import { createAdmit, type Wish } from './admit.js';
import { createMemoryBudget } from './budget/memory-budget.js';

const clock = { now: 0 };
const budget = { capacity: 100, perSecond: 10 };

const wish = (estimate: number, more: Partial<Wish> = {}): Wish => ({
  cost: { estimate: () => estimate },
  variables: {},
  holder: 'ada',
  budget,
  ...more,
});
const createAdmission = (limit = 1_000) =>
  createAdmit(
    limit,
    createMemoryBudget(() => clock.now),
  );

describe('admit', () => {
  it('takes the estimate, then puts the actual cost in its place', async () => {
    const admit = createAdmission();
    const admission = await admit(wish(80));
    expect(admission.estimate).toBe(80);
    expect(admission.settle(30)).toEqual({
      estimate: 80,
      actual: 30,
      budget: { capacity: 100, remaining: 70 },
    });
    await expect(admit(wish(70))).resolves.toMatchObject({ estimate: 70 });
  });

  it('gives all back when there is no answer', async () => {
    const admit = createAdmission();
    (await admit(wish(100))).settle(0);
    await expect(admit(wish(100))).resolves.toBeDefined();
  });

  it('refuses what goes over the budget, and says when to come again', async () => {
    const admit = createAdmission();
    await admit(wish(60));
    await expect(admit(wish(61))).rejects.toMatchObject({
      message: expect.stringContaining('send it again in 3 s') as string,
      extensions: {
        code: 'COST_BUDGET_EXCEEDED',
        retryAfterSeconds: 3,
        http: { status: 429, headers: new Map([['retry-after', '3']]) },
      },
    });
    await expect(admit(wish(61, { holder: 'ben' }))).resolves.toBeDefined();
  });

  it.each([
    ['the limit of one operation', 50, budget],
    ['a capacity that is smaller', 1_000, { capacity: 50, perSecond: 1 }],
    ['the limit where there is no budget', 50, undefined],
  ])('refuses for ever what goes over %s', async (_, limit, size) => {
    await expect(createAdmission(limit)(wish(51, { budget: size }))).rejects.toMatchObject({
      message: expect.stringContaining('could cost 51; 50 is allowed') as string,
      extensions: { code: 'QUERY_TOO_EXPENSIVE' },
    });
  });

  it('without a budget counts alone', async () => {
    const admission = await createAdmission()(wish(80, { budget: undefined }));
    expect(admission.settle(30)).toEqual({ estimate: 80, actual: 30 });
  });
});
