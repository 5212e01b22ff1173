import { randomUUID } from 'node:crypto';
import type { ChangeNotice } from '@fulfillment/schema/events/cache-tags';
import { expect, it, vi } from 'vitest';
import { createChanges, type ChangingEvent } from './changes.js';

function account(id: string = randomUUID()): ChangingEvent {
  return { id: randomUUID(), topic: 'orders.account', payload: { id } as never };
}

/** A bus that broadcasts when it is let, one statement at a time. */
function heldBus() {
  const told: string[][] = [];
  const waiting: (() => void)[] = [];
  let failing = false;
  return {
    told,
    fail: (fails: boolean) => {
      failing = fails;
    },
    release: () => waiting.shift()?.(),
    broadcast: async (notices: readonly ChangeNotice[]) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
      if (failing) throw new Error('the bus is away');
      told.push(...notices.map(({ tags }) => [...tags]));
    },
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

it('tells what comes during a statement together with the next one', async () => {
  const bus = heldBus();
  const changes = createChanges('orders', bus);
  const [one, two, three] = [account('a'), account('b'), account('c')];
  const first = changes.tell([one]);
  await settle();
  const others = Promise.all([changes.tell([two]), changes.tell([three, two])]);
  bus.release();
  await first;
  await settle();
  bus.release();
  await others;
  expect(bus.told).toEqual([['account:a'], ['account:b', 'account:c']]);
});

it('leaves to the relay nothing but what was not told', async () => {
  const bus = heldBus();
  const changes = createChanges('orders', bus);
  const [told, untold] = [account('told'), account('untold')];
  const telling = changes.tell([told]);
  await settle();
  bus.release();
  await telling;
  const relaying = changes.tellUntold([told, untold]);
  await settle();
  bus.release();
  await relaying;
  expect(bus.told).toEqual([['account:told'], ['account:untold']]);
});

it('makes the relay fail once for what could not be told, and tells it the next time', async () => {
  const bus = heldBus();
  const changes = createChanges('orders', bus);
  const event = account('a');
  bus.fail(true);
  const telling = changes.tell([event]);
  await settle();
  bus.release();
  await expect(telling).rejects.toThrow('away');
  await expect(changes.tellUntold([event])).rejects.toThrow('away');
  bus.fail(false);
  const relaying = changes.tellUntold([event]);
  await settle();
  bus.release();
  await relaying;
  expect(bus.told).toEqual([['account:a']]);
});

it('cuts what one notice cannot hold', async () => {
  const bus = heldBus();
  const changes = createChanges('orders', bus);
  const telling = changes.tell(Array.from({ length: 250 }, (_, index) => account(`${index}`)));
  await settle();
  bus.release();
  await telling;
  expect(bus.told.map((tags) => tags.length)).toEqual([100, 100, 50]);
});

it('tells at once what comes after a rest, and then what comes within 20 ms together', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  try {
    const told: string[][] = [];
    const changes = createChanges('orders', {
      broadcast: async (notices) => void told.push(...notices.map(({ tags }) => [...tags])),
    });
    void changes.tellSoon([account('a')]);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([['account:a']]);
    await vi.advanceTimersByTimeAsync(5);
    void changes.tellSoon([account('b')]);
    await vi.advanceTimersByTimeAsync(14);
    void changes.tellSoon([account('c')]);
    expect(told).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([['account:a'], ['account:b', 'account:c']]);
  } finally {
    vi.useRealTimers();
  }
});

it('asks nothing of the bus where an event ends no kept answer', async () => {
  const changes = createChanges('orders', { broadcast: () => Promise.reject(new Error('the bus is away')) });
  const telling = changes.tell([{ id: randomUUID(), topic: 'orders.lead', payload: {} as never }]);
  await expect(telling).resolves.toBeUndefined();
});

it('takes along what is to be told soon with what somebody waits for', async () => {
  const bus = heldBus();
  const changes = createChanges('orders', bus);
  const first = changes.tell([account('a')]);
  await settle();
  bus.release();
  await first;
  const soon = account('b');
  bus.fail(true);
  const untold = Promise.allSettled([changes.tellSoon([soon]), changes.tell([account('c')])]);
  await settle();
  bus.release();
  expect((await untold).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  bus.fail(false);
  const relaying = [changes.tellUntold([soon]), changes.tellUntold([soon])];
  await expect(relaying[0]).rejects.toThrow('away');
  await settle();
  bus.release();
  await relaying[1];
  expect(bus.told).toEqual([['account:a'], ['account:b']]);
});
