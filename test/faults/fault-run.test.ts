import { expect, it } from 'vitest';
import { runFaults } from './fault-run.js';

/** `npm run test:faults` in short: the same run with fewer orders and quicker kills. */
it('loses and doubles nothing while everything is killed in turn', { timeout: 240_000 }, async () => {
  const report = await runFaults({
    orders: 60,
    kills: 3,
    seed: 'continuous-integration',
    clients: 4,
    between: { low: 100, high: 800 },
    dead: { low: 0, high: 300 },
    patience: 60_000,
    onProgress: () => undefined,
  });
  expect(report.checks.filter(({ violations }) => violations.length > 0)).toEqual([]);
  expect(report.orders).toBeGreaterThanOrEqual(60);
  const kills = [...report.kills.values()].reduce((sum, count) => sum + count, 0);
  expect(kills).toBeGreaterThanOrEqual(3);
});
