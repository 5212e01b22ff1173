import { Counter, Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { Counts, DurationHistogram } from './tallies.js';

const buckets = [0.001, 0.5, 2];
const seconds = [0, 0.001, 0.0011, 0.5, 1.9999, 2, 2.1, 100];

function registry() {
  const made = new Registry();
  made.setDefaultLabels({ service: 'gateway' });
  return made;
}

it('tells durations as a histogram of prom-client does', async () => {
  const [own, theirs] = [registry(), registry()];
  const durations = new DurationHistogram<'a' | 'b'>('seconds', 'How long', buckets, own);
  const histogram = new Histogram({
    name: 'seconds',
    help: 'How long',
    labelNames: ['a', 'b'],
    buckets,
    registers: [theirs],
  });
  expect(await own.metrics()).toBe(await theirs.metrics());
  for (const a of ['x', 'y']) {
    const kept = durations.of({ a, b: 'z' });
    for (const each of seconds) {
      kept.observe(each);
      durations.of({ a, b: 'z' }).observe(each);
      for (let time = 0; time < 2; time += 1) histogram.observe({ a, b: 'z' }, each);
    }
    expect(await own.metrics()).toBe(await theirs.metrics());
  }
});

it('tells counts as a counter of prom-client does, each time all that were counted', async () => {
  const [own, theirs] = [registry(), registry()];
  const counts = new Counts<'a'>('things', 'How many', ['a'], own);
  const counter = new Counter({ name: 'things', help: 'How many', labelNames: ['a'], registers: [theirs] });
  const [x, y, again] = ['x', 'y', 'x'].map((a) => counts.of({ a }));
  for (let time = 1; time <= 2; time += 1) {
    x?.add();
    again?.add(2 * time);
    y?.add(0.5);
    counter.inc({ a: 'x' }, 1 + 2 * time);
    counter.inc({ a: 'y' }, 0.5);
    expect(await own.metrics()).toBe(await theirs.metrics());
  }
});
