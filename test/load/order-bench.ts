import { setTimeout as sleep } from 'node:timers/promises';
import { withDatabases, type Databases } from '../faults/checks/check.js';
import { type LatencyRound, measureLatency } from './entitlement-latency.js';
import { type Floor, measureFloor, measureFloorLatency, prepareFloor } from './floor/floor-rounds.js';
import { type DatabaseShape, startCounting, statisticsDelayMs } from './floor/write-shape.js';
import type { LoadSystem } from './load-system.js';
import { median, type Percentiles } from './percentiles.js';
import { measureOrders, type OrderRound } from './throughput.js';

/** How long a run is. */
export interface BenchOptions {
  readonly clients: number;
  readonly rounds: number;
  /** Of each round. */
  readonly seconds: number;
  readonly onRound: (text: string) => void;
}

/** What a run measured; rates are per second. */
export interface OrderBench {
  readonly shape: readonly DatabaseShape[];
  readonly leftOut: readonly string[];
  readonly orders: readonly OrderRound[];
  readonly floors: readonly number[];
  readonly latencies: readonly LatencyRound[];
  readonly floorLatencies: readonly Percentiles[];
}

/**
 * Measures orders and their floor in turns, so that a machine that grows slower or faster does so to both. What an order
 * writes is counted in a round before these, which also warms everything up.
 */
export async function benchOrders(system: LoadSystem, options: BenchOptions): Promise<OrderBench> {
  const { urls } = system.server;
  return withDatabases(urls, async (databases) => {
    const { shape, floor } = await countAndCopy(system, databases, options);
    const orders: OrderRound[] = [];
    const floors: number[] = [];
    for (let round = 1; round <= options.rounds; round += 1) {
      const measured = await measureOrders(system, databases.orders, options);
      const written = await measureFloor(urls, floor, options);
      orders.push(measured);
      floors.push(written);
      options.onRound(
        `round ${round}: ${measured.fulfilledPerSecond.toFixed(1)} orders/s, floor ${written.toFixed(1)}`,
      );
    }
    const perSecond = median(orders.map(({ fulfilledPerSecond }) => fulfilledPerSecond)) / 2;
    const latencies: LatencyRound[] = [];
    const floorLatencies: Percentiles[] = [];
    for (let round = 1; round <= options.rounds; round += 1) {
      const measured = await measureLatency(system, { perSecond, seconds: options.seconds });
      const written = await measureFloorLatency(urls, floor, { perSecond, seconds: options.seconds });
      latencies.push(measured);
      floorLatencies.push(written);
      options.onRound(
        `round ${round}: entitlement after ${measured.entitlement.p50.toFixed(0)} ms, floor ${written.p50.toFixed(0)} ms`,
      );
    }
    return { shape, leftOut: floor.leftOut, orders, floors, latencies, floorLatencies };
  });
}

async function countAndCopy(
  system: LoadSystem,
  databases: Databases,
  options: BenchOptions,
): Promise<{ shape: DatabaseShape[]; floor: Floor }> {
  await measureOrders(system, databases.orders, { ...options, seconds: options.seconds / 3 });
  await sleep(statisticsDelayMs);
  const count = await startCounting(databases);
  const counted = await measureOrders(system, databases.orders, options);
  await sleep(statisticsDelayMs);
  const shape = await count(counted.orders);
  // The bus holds rows only while it carries some.
  const underWay = measureOrders(system, databases.orders, { ...options, seconds: 2 });
  await sleep(1_000);
  const floor = await prepareFloor(databases, shape);
  await underWay;
  return { shape, floor };
}
