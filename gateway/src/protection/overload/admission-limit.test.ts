import { describe, expect, it } from 'vitest';
import { nextLimit, type AdmissionRules } from './admission-limit.js';

const rules: AdmissionRules = { fewest: 10, most: 1_000, initial: 100, lateMs: 40 };

describe('the limit of requests under way', () => {
  it.each([
    ['falls by a tenth while the process is late', { delayMs: 41, mostUnderWay: 100 }, 90],
    ['falls below what was under way when that was too much', { delayMs: 80, mostUnderWay: 70 }, 63],
    [
      'falls by little more than half at once, however few were under way',
      { delayMs: 900, mostUnderWay: 3 },
      45,
    ],
    ['rises by a twentieth while it is reached in time', { delayMs: 5, mostUnderWay: 95 }, 105],
    ['stays while it is not reached', { delayMs: 5, mostUnderWay: 50 }, 100],
    ['stays while the process is nearly late', { delayMs: 30, mostUnderWay: 100 }, 100],
  ])('%s', (_, seen, expected) => {
    expect(nextLimit(100, seen, rules)).toBeCloseTo(expected);
  });

  it('never leaves its bounds', () => {
    expect(nextLimit(10, { delayMs: 5_000, mostUnderWay: 10 }, rules)).toBe(10);
    expect(nextLimit(1_000, { delayMs: 0, mostUnderWay: 1_000 }, rules)).toBe(1_000);
  });

  /** A process that serves `capacity` requests a second one after another: what is due waits for all before it. */
  function settle(capacity: number, wanted: number): { limit: number; delayMs: number } {
    let limit = rules.initial;
    let delayMs = 0;
    for (let round = 0; round < 500; round += 1) {
      const underWay = Math.min(limit, wanted);
      delayMs = (1_000 * underWay) / capacity;
      limit = nextLimit(limit, { delayMs, mostUnderWay: underWay }, rules);
    }
    return { limit, delayMs };
  }

  it.each([500, 2_000, 10_000])(
    'keeps a process of %i requests a second busy, and hardly late',
    (capacity) => {
      const { limit, delayMs } = settle(capacity, Infinity);
      expect(limit).toBeGreaterThanOrEqual(rules.fewest);
      expect(delayMs).toBeLessThan(1.1 * rules.lateMs);
      // A quarter of the time that is allowed is well used: the processor never waits for work.
      expect(delayMs).toBeGreaterThan(0.25 * rules.lateMs);
    },
  );

  it('refuses nothing that the process can serve in time', () => {
    expect(settle(10_000, 150).limit).toBeGreaterThanOrEqual(150);
  });
});
