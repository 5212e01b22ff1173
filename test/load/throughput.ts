import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Buyer, LoadSystem } from './load-system.js';
import { createOrderClient } from './order-client.js';
import { usualOrder } from './order-inputs.js';

/** A round of orders. Rates are per second. */
export interface OrderRound {
  readonly orders: number;
  /** From the first request until the last order is fulfilled. */
  readonly seconds: number;
  readonly fulfilledPerSecond: number;
}

/**
 * Has clients place orders one after another for a while, then waits until all are fulfilled: what is only put off does
 * not count as done.
 */
export async function measureOrders(
  system: LoadSystem,
  orders: pg.Client,
  { clients, seconds }: { readonly clients: number; readonly seconds: number },
): Promise<OrderRound> {
  const client = createOrderClient(system.processes);
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  let placed = 0;
  const work = async (place: number) => {
    while (performance.now() < until) {
      const name = `bench-${randomUUID()}`;
      const buyer = buyerOf(system, place + placed);
      await client.place(buyer, name, usualOrder(buyer.accountId, name));
      placed += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, place) => work(place)));
  await untilFulfilled(orders);
  const took = (performance.now() - startedAt) / 1000;
  return { orders: placed, seconds: took, fulfilledPerSecond: placed / took };
}

/** The buyers in turn. */
export function buyerOf({ buyers }: LoadSystem, turn: number): Buyer {
  const buyer = buyers[turn % buyers.length];
  if (!buyer) throw new Error('There is nobody to buy');
  return buyer;
}

const patienceMs = 120_000;

/** @throws when orders are left after two minutes, or one was refused */
export async function untilFulfilled(orders: pg.Client): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await orders.query<{ status: string; count: number }>(
      `SELECT status, count(*)::integer AS count FROM orders WHERE status <> 'FULFILLED' GROUP BY status`,
    );
    if (rows.length === 0) return;
    const refused = rows.find(({ status }) => status === 'REFUSED');
    if (refused || performance.now() > deadline) {
      throw new Error(`Orders that are not fulfilled: ${JSON.stringify(rows)}`);
    }
    await sleep(20);
  }
}
