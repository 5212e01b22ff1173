import { expect, it } from 'vitest';
import { Cancellation } from './cancellation.js';
import { ServiceFailure } from './failure.js';
import { RetryBudget } from './retry-budget.js';
import { retrying } from './retrying.js';
import type { ServiceRequest } from './service-call.js';

const broken = new ServiceFailure('SERVICE_UNAVAILABLE', 'ECONNRESET', { atConnection: true });

function request(more: Partial<ServiceRequest> = {}): ServiceRequest {
  return {
    body: '{}',
    isRead: true,
    entities: undefined,
    requestId: 'request-1',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00',
    viewerToken: 'token',
    cancellation: new Cancellation(),
    deadlineAt: Infinity,
    ...more,
  };
}

/** Fails so often with an error, then answers. */
function failing(times: number, error: Error = broken) {
  const calls = { made: 0 };
  const call = async () => {
    calls.made += 1;
    if (calls.made <= times) throw error;
    return 'answer';
  };
  return { call, calls };
}

it('sends a read whose connection failed once more', async () => {
  const { call, calls } = failing(1);
  expect(await retrying(call)(request())).toBe('answer');
  expect(calls.made).toBe(2);
});

it('sends it no third time', async () => {
  const { call, calls } = failing(2);
  await expect(retrying(call)(request())).rejects.toBe(broken);
  expect(calls.made).toBe(2);
});

it.each([
  ['a mutation', request({ isRead: false }), broken],
  ['what a service answered badly', request(), new ServiceFailure('SERVICE_BAD_RESPONSE', 'nonsense')],
  ['what ran out of time', request(), new ServiceFailure('SERVICE_TIMEOUT', 'late')],
])('never sends %s again', async (_, asked, error) => {
  const { call, calls } = failing(1, error);
  await expect(retrying(call)(asked)).rejects.toBe(error);
  expect(calls.made).toBe(1);
});

it('sends nothing again that nobody waits for', async () => {
  const cancellation = new Cancellation();
  cancellation.cancel('abandoned');
  const { call, calls } = failing(1);
  await expect(retrying(call)(request({ cancellation }))).rejects.toBe(broken);
  expect(calls.made).toBe(1);
});

it('adds a tenth to the load at the most when every request fails', async () => {
  const { call, calls } = failing(Infinity);
  const send = retrying(call, new RetryBudget({ perRead: 0.1, most: 10 }));
  for (let sent = 0; sent < 1_000; sent += 1) await expect(send(request())).rejects.toBe(broken);
  expect(calls.made).toBeGreaterThan(1_090);
  expect(calls.made).toBeLessThanOrEqual(1_110);
});
