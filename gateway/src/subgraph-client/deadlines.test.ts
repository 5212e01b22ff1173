import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Cancellation } from '../in-flight/cancellation.js';
import { Deadlines } from './deadlines.js';

it('cancels what is not ended in time, and only that, in the order in which it began', async () => {
  const deadlines = new Deadlines(60);
  const cancelled: number[] = [];
  const begin = (number: number) => {
    const cancellation = new Cancellation();
    cancellation.onCancel((reason) => cancelled.push(reason === 'deadline' ? number : -1));
    return deadlines.begin(cancellation);
  };
  const first = [0, 1, 2, 3, 4].map(begin);
  await sleep(30);
  const later = [5, 6, 7].map(begin);
  // The first, one between others, and the last, each more than once.
  for (const ended of [first[0], first[2], later[2], first[0], later[2]]) if (ended) deadlines.end(ended);
  const lastAt = later[1]?.at ?? 0;
  expect(cancelled).toEqual([]);
  await expect.poll(() => cancelled, { interval: 5 }).toEqual([1, 3, 4, 5, 6]);
  expect(performance.now()).toBeGreaterThanOrEqual(lastAt);
});

it('begins again after everything has ended', async () => {
  const deadlines = new Deadlines(20);
  for (const round of [1, 2]) {
    const [kept, missed] = [new Cancellation(), new Cancellation()];
    deadlines.end(deadlines.begin(kept));
    deadlines.begin(missed);
    await expect.poll(() => missed.reason, { message: `round ${round}` }).toBe('deadline');
    expect(kept.reason).toBeUndefined();
  }
});
