import { expect, it } from 'vitest';
import { percentiles } from './percentiles.js';

it('takes the nearest rank, whatever the order', () => {
  const measured = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(percentiles(measured)).toEqual({ p50: 100, p99: 198, count: 200 });
  expect(percentiles([7])).toEqual({ p50: 7, p99: 7, count: 1 });
  expect(percentiles([])).toEqual({ p50: Number.NaN, p99: Number.NaN, count: 0 });
});
