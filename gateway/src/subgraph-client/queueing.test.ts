import { expect, it } from 'vitest';
import { Cancellation } from './cancellation.js';
import { queueing } from './queueing.js';
import type { ServiceRequest } from './service-call.js';

function request(cancellation = new Cancellation()): ServiceRequest {
  return {
    body: '{}',
    isRead: true,
    entities: undefined,
    requestId: 'request-1',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00',
    viewerToken: 'token',
    cancellation,
    deadlineAt: Infinity,
  };
}

function setUp(rules: { concurrency: number; waiting: number }) {
  const ends: (() => void)[] = [];
  const queue = queueing<number>(
    () =>
      new Promise((resolve) => {
        const number = ends.length + 1;
        ends.push(() => resolve(number));
      }),
    rules,
  );
  return { ...queue, ends };
}

it('sends so many at a time, and the rest in the order in which they came', async () => {
  const { call, ends, level } = setUp({ concurrency: 2, waiting: 5 });
  const answers = [call(request()), call(request()), call(request()), call(request())];
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
  const answers = [call(request()), call(request())];
  await expect(call(request())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', notAsked: true });
  ends[0]?.();
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  expect(await Promise.all(answers)).toEqual([1, 2]);
});

it('gives no turn to one who left or ran out of time while waiting, and its place to another', async () => {
  const { call, ends, level } = setUp({ concurrency: 1, waiting: 2 });
  const [gone, late] = [new Cancellation(), new Cancellation()];
  const first = call(request());
  const waiting = [call(request(gone)), call(request(late))];
  gone.cancel('abandoned');
  late.cancel('deadline');
  await expect(waiting[0]).rejects.toMatchObject({ abandoned: true, notAsked: true });
  await expect(waiting[1]).rejects.toMatchObject({ code: 'SERVICE_TIMEOUT', notAsked: true });
  expect(level()).toEqual({ underWay: 1, waiting: 0 });
  const next = call(request());
  ends[0]?.();
  await first;
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  await next;
  expect(level()).toEqual({ underWay: 0, waiting: 0 });
});

it('hands its turn on when a request fails', async () => {
  const { call, level } = queueing<never>(() => Promise.reject(new Error('down')), {
    concurrency: 1,
    waiting: 5,
  });
  const failed = await Promise.allSettled([call(request()), call(request()), call(request())]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(level()).toEqual({ underWay: 0, waiting: 0 });
});
