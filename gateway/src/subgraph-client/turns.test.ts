import { expect, it } from 'vitest';
import { Cancellation } from '../in-flight/cancellation.js';
import { Turns } from './turns.js';

/** What is sent ends when the test says so. */
function setUp(rules: { concurrency: number; waiting: number }) {
  const turns = new Turns(rules);
  const ends: (() => void)[] = [];
  const call = async (cancellation = new Cancellation()): Promise<number> => {
    if (!turns.take()) await turns.wait(cancellation);
    const number = ends.length + 1;
    await new Promise<void>((resolve) => {
      ends.push(resolve);
    });
    turns.passOn();
    return number;
  };
  return { call, level: () => turns.level(), ends };
}

it('sends so many at a time, and the rest in the order in which they came', async () => {
  const { call, ends, level } = setUp({ concurrency: 2, waiting: 5 });
  const answers = [call(), call(), call(), call()];
  expect(ends).toHaveLength(2);
  expect(level()).toEqual({ underWay: 2, waiting: 2 });
  ends[1]?.();
  await expect.poll(() => ends.length).toBe(3);
  ends[0]?.();
  await expect.poll(() => ends.length).toBe(4);
  ends[2]?.();
  ends[3]?.();
  expect(await Promise.all(answers)).toEqual([1, 2, 3, 4]);
  expect(level()).toEqual({ underWay: 0, waiting: 0 });
});

it('refuses what is more than may wait, at once', async () => {
  const { call, ends } = setUp({ concurrency: 1, waiting: 1 });
  const answers = [call(), call()];
  await expect(call()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', notAsked: true });
  ends[0]?.();
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  expect(await Promise.all(answers)).toEqual([1, 2]);
});

it('gives no turn to one who left or ran out of time while waiting, and its place to another', async () => {
  const { call, ends, level } = setUp({ concurrency: 1, waiting: 2 });
  const [gone, late] = [new Cancellation(), new Cancellation()];
  const first = call();
  const waiting = [call(gone), call(late)];
  gone.cancel('abandoned');
  late.cancel('deadline');
  await expect(waiting[0]).rejects.toMatchObject({ abandoned: true, notAsked: true });
  await expect(waiting[1]).rejects.toMatchObject({ code: 'SERVICE_TIMEOUT', notAsked: true });
  expect(level()).toEqual({ underWay: 1, waiting: 0 });
  const next = call();
  ends[0]?.();
  await first;
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  await next;
  expect(level()).toEqual({ underWay: 0, waiting: 0 });
});
