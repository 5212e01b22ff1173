import type { DatabaseName } from '@fulfillment/local/databases';
import type { Databases } from '../../faults/checks/check.js';
import { atPace } from '../pace.js';
import { type Percentiles, percentiles } from '../percentiles.js';
import { copyTable } from './floor-table.js';
import { type FloorDatabase, FloorWriter } from './floor-writer.js';
import type { DatabaseShape } from './write-shape.js';

/** The same rows in as many transactions, by SQL alone. */
export interface Floor {
  readonly shape: readonly FloorDatabase[];
  /** Tables that were empty when their rows were to be copied: what is written into them is left out. */
  readonly leftOut: readonly string[];
}

/** Makes copies of all tables that orders write; call it while orders are under way. */
export async function prepareFloor(databases: Databases, measured: readonly DatabaseShape[]): Promise<Floor> {
  const leftOut: string[] = [];
  const shape: FloorDatabase[] = [];
  for (const { database, transactions, tables } of measured) {
    const copies = [];
    for (const table of tables) {
      const copy = await copyTable(databases[database], table);
      if (copy) copies.push(copy);
      else leftOut.push(`${database}.${table.table}`);
    }
    shape.push({ database, transactions, tables: copies });
  }
  return { shape, leftOut };
}

type Urls = Readonly<Record<DatabaseName, string>>;

/** Orders' worth of rows a second, by as many writers as there were clients. */
export async function measureFloor(
  urls: Urls,
  floor: Floor,
  { clients, seconds }: { readonly clients: number; readonly seconds: number },
): Promise<number> {
  const writers = await openWriters(urls, floor, clients);
  const startedAt = performance.now();
  let written = 0;
  await Promise.all(
    writers.map(async (writer) => {
      while (performance.now() < startedAt + seconds * 1000) {
        await writer.writeOrder();
        written += 1;
      }
    }),
  );
  const took = (performance.now() - startedAt) / 1000;
  await Promise.all(writers.map((writer) => writer.close()));
  return written / took;
}

/** Milliseconds for all the transactions of an order, one after another, at an even pace. */
export async function measureFloorLatency(
  urls: Urls,
  floor: Floor,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Percentiles> {
  const writers = await openWriters(urls, floor, 16);
  const free = [...writers];
  const measured: number[] = [];
  await atPace(perSecond, seconds, async () => {
    const writer = free.pop();
    // All are at work: the machine is far behind the pace, and a wait for one would say no more.
    if (!writer) return;
    const startedAt = performance.now();
    await writer.writeOrder();
    measured.push(performance.now() - startedAt);
    free.push(writer);
  });
  await Promise.all(writers.map((writer) => writer.close()));
  return percentiles(measured);
}

function openWriters(urls: Urls, { shape }: Floor, count: number): Promise<FloorWriter[]> {
  return Promise.all(Array.from({ length: count }, () => FloorWriter.open(urls, shape)));
}
