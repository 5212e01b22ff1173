import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { DemoPointers } from '@fulfillment/local/seeding/demo-pointers';
import { seedPopulation } from '@fulfillment/local/seeding/seed-population';
import type { ServiceOptions } from '@fulfillment/kernel/server/start-service';
import { startSystem, type SystemOptions, type TestSystem } from './system.js';

/** The day on which a seeded system lives: the same at every run, so that no outcome hangs on when it is. */
export const seededDay = localDate('2026-11-25');

/** It is noon of the seeded day when a test file begins, so no UTC day ends while it runs, unless the clock is set. */
class ClockOfSeededDay implements NonNullable<ServiceOptions['clock']> {
  #ahead = Date.parse(`${seededDay}T12:00:00Z`) - performance.now();

  set(instant: Date): void {
    this.#ahead = instant.getTime() - performance.now();
  }

  async now(): Promise<Date> {
    return new Date(performance.now() + this.#ahead);
  }
}

/**
 * Fills migrated databases with the demonstration population of a size.
 * @param today as of which day it is told; processes of their own go by the machine's clock and need its day
 */
export function seedSystem(
  urls: TestSystem['databaseUrls'],
  accounts: number,
  today: string = seededDay,
): Promise<DemoPointers> {
  return seedPopulation({
    accounts,
    urls,
    today,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}

/**
 * The whole system in this process with a population in it, at noon of the seeded day; call it at the top of a test file.
 * @param options.periodic false keeps the services from doing anything by themselves (`startSystem`)
 */
export async function startSeededSystem(
  accounts: number,
  options: Omit<SystemOptions, 'clock'> = {},
): Promise<
  TestSystem & {
    readonly demo: DemoPointers;
    /** What the services take for now. */ setClock(instant: Date): void;
  }
> {
  const clock = new ClockOfSeededDay();
  const seeded: { demo?: DemoPointers } = {};
  const system = await startSystem({
    ...options,
    clock,
    prepare: async (urls) => {
      seeded.demo = await seedSystem(urls, accounts);
    },
  });
  if (!seeded.demo) throw new Error('The seeding gave no pointers');
  return { ...system, demo: seeded.demo, setClock: (instant) => clock.set(instant) };
}
