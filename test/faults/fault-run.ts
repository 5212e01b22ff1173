import { createRandom } from '@fulfillment/kernel/population/random';
import { processNames } from '../kit/process-group.js';
import { type LoadSystem, startLoadSystem } from '../load/load-system.js';
import { createOrderClient } from '../load/order-client.js';
import { anyOrder } from '../load/order-inputs.js';
import { withDatabases } from './checks/check.js';
import { checks } from './checks/index.js';
import { type Range, startKilling } from './killer.js';
import { ProcessKeeper } from './process-keeper.js';
import type { FaultReport } from './report.js';
import { settle } from './settle.js';
import { targetsOf } from './targets.js';

/** How hard a run is. Times are in milliseconds. */
export interface FaultOptions {
  /** So many are placed, and more until enough was killed. */
  readonly orders: number;
  /** The fewest kills while orders are placed; 0 when left out. */
  readonly kills?: number;
  /** Decides which orders are placed, and what is killed when. */
  readonly seed: string;
  readonly clients: number;
  /** Between two kills. */
  readonly between: Range;
  /** How long what was killed stays away. */
  readonly dead: Range;
  /** How long all may take to settle after the last kill. */
  readonly patience: number;
  readonly onProgress: (placed: number, kills: number) => void;
}

const accounts = 200;

/** Places orders while what takes them in is killed and started again, lets all settle, and looks what came of it. */
export async function runFaults(options: FaultOptions): Promise<FaultReport> {
  const startedAt = performance.now();
  const system = await startLoadSystem(accounts, { silent: true });
  try {
    const loaded = await load(system, options);
    const told = { orders: loaded.orders, population: system.population };
    return await withDatabases(system.server.urls, async (databases) => {
      const settledIn = await settle(databases, options.patience);
      const held = [];
      for (const { name, violations } of checks) {
        held.push({ name, violations: await violations(databases, told) });
      }
      const { rows } = await databases.orders.query<{ status: string; count: number }>(
        'SELECT status, count(*)::integer AS count FROM orders WHERE id = ANY($1) GROUP BY status ORDER BY status',
        [[...loaded.orders.values()]],
      );
      return {
        seed: options.seed,
        orders: loaded.orders.size,
        outcomes: rows,
        kills: loaded.kills,
        endedByThemselves: loaded.endedByThemselves,
        retries: loaded.retries,
        placedIn: loaded.seconds,
        settledIn,
        seconds: (performance.now() - startedAt) / 1000,
        checks: held,
      };
    });
  } finally {
    await system.stop();
  }
}

interface Loaded {
  readonly orders: ReadonlyMap<string, string>;
  readonly kills: ReadonlyMap<string, number>;
  readonly endedByThemselves: number;
  readonly retries: number;
  readonly seconds: number;
}

async function load(system: LoadSystem, options: FaultOptions): Promise<Loaded> {
  const startedAt = performance.now();
  const { seed, between, dead } = options;
  const keepers = processNames.map((name) => new ProcessKeeper(system.processes, name));
  const killing = startKilling(targetsOf(keepers, system.server), createRandom(`kills-${seed}`), {
    between,
    dead,
  });
  const orders = new Map<string, string>();
  let retries = 0;
  let next = 0;
  const client = createOrderClient(system.processes);
  const placeOne = async (index: number) => {
    const random = createRandom(`order-${seed}-${index}`);
    const buyer = random.pick(system.buyers);
    const key = `fault-${seed}-${index}`;
    const input = anyOrder(random, buyer.accountId, key);
    const placed = await client.place(buyer, key, input);
    orders.set(key, placed.orderId);
    retries += placed.attempts - 1;
    options.onProgress(orders.size, sum(killing.kills));
    if (!random.chance(0.05)) return;
    // A client that has its answer may ask again all the same.
    const again = await client.place(buyer, key, input);
    if (again.orderId !== placed.orderId) orders.set(`${key} again`, again.orderId);
  };
  const work = async () => {
    const isEnough = (placed: number) =>
      placed >= options.orders && sum(killing.kills) >= (options.kills ?? 0);
    for (let index = next++; !isEnough(index); index = next++) await placeOne(index);
  };
  try {
    await Promise.all(Array.from({ length: options.clients }, work));
  } finally {
    await killing.stop();
    await Promise.all(keepers.map((keeper) => keeper.stop()));
  }
  return {
    orders,
    kills: killing.kills,
    endedByThemselves: keepers.reduce((count, keeper) => count + keeper.endedByItself, 0),
    retries,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
