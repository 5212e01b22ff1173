import { expect, it } from 'vitest';
import { Cancellation } from '../in-flight/cancellation.js';
import { ServiceFailure } from './failure.js';
import { RetryBudget } from './retry-budget.js';
import type { SendToService, ServiceRequest } from './service-call.js';
import { ServiceChain } from './service-chain.js';
import { Turns } from './turns.js';

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
    ...more,
  };
}

/** A chain whose circuit hardly ever opens: failures of the connection that are sent again count once. */
function chainOf(answer: () => Promise<string>, more: { turns?: Turns; retries?: RetryBudget } = {}) {
  const send: SendToService<string> = (_request, _deadlineAt, waiter) => {
    answer().then(
      (text) => waiter.answered(text),
      (error: unknown) => waiter.failed(error),
    );
  };
  const circuit: string[] = [];
  const onCircuitChange = (state: string) => void circuit.push(state);
  const chain = new ServiceChain({ name: 'stock', send, timeoutMs: 10_000, onCircuitChange, ...more });
  return { chain, circuit, call: (asked: ServiceRequest) => chain.call(asked) };
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
  expect(await chainOf(call).call(request())).toBe('answer');
  expect(calls.made).toBe(2);
});

it('sends it no third time', async () => {
  const { call, calls } = failing(2);
  await expect(chainOf(call).call(request())).rejects.toBe(broken);
  expect(calls.made).toBe(2);
});

it.each([
  ['a mutation', request({ isRead: false }), broken],
  ['what a service answered badly', request(), new ServiceFailure('SERVICE_BAD_RESPONSE', 'nonsense')],
  ['what ran out of time', request(), new ServiceFailure('SERVICE_TIMEOUT', 'late')],
])('never sends %s again', async (_, asked, error) => {
  const { call, calls } = failing(1, error);
  await expect(chainOf(call).call(asked)).rejects.toBe(error);
  expect(calls.made).toBe(1);
});

it('sends nothing again that nobody waits for', async () => {
  const cancellation = new Cancellation();
  cancellation.cancel('abandoned');
  const { call, calls } = failing(1);
  await expect(chainOf(call).call(request({ cancellation }))).rejects.toBe(broken);
  expect(calls.made).toBe(1);
});

it('adds a tenth to the load at the most when every request fails', async () => {
  const retries = new RetryBudget({ perRead: 0.1, most: 10 });
  const { call, calls } = failing(Infinity);
  // A circuit for each request: it would leave the service alone long before.
  for (let sent = 0; sent < 1_000; sent += 1)
    await expect(chainOf(call, { retries }).call(request())).rejects.toBe(broken);
  expect(calls.made).toBeGreaterThan(1_090);
  expect(calls.made).toBeLessThanOrEqual(1_110);
});

it('hands its turn on when a request fails', async () => {
  const turns = new Turns({ concurrency: 1, waiting: 5 });
  const { chain } = chainOf(failing(Infinity, new Error('down')).call, { turns });
  const failed = await Promise.allSettled([1, 2, 3].map(() => chain.call(request())));
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(chain.level()).toEqual({ underWay: 0, waiting: 0 });
});

it('asks a service no more that fails too often', async () => {
  const { calls, call: send } = failing(Infinity, new ServiceFailure('SERVICE_TIMEOUT', 'late'));
  const { call, circuit } = chainOf(send);
  for (let sent = 0; sent < 20; sent += 1) await expect(call(request())).rejects.toThrow('late');
  expect(circuit).toEqual(['open']);
  await expect(call(request())).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', notAsked: true });
  expect(calls.made).toBe(20);
});
