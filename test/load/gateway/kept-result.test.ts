import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { benchChart } from './chart.js';
import type { BenchResult } from './result.js';

const chart = new URL('../../../gateway/bench.svg', import.meta.url);
const result = new URL('result.json', import.meta.url);

it('the chart that the README shows is drawn from the result that is kept beside the benchmark', () => {
  expect(existsSync(chart)).toBe(existsSync(result));
  if (!existsSync(result)) return;
  const kept = JSON.parse(readFileSync(result, 'utf8')) as BenchResult;
  expect(readFileSync(chart, 'utf8')).toBe(benchChart(kept));
});
