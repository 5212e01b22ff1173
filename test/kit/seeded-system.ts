import type { DemoPointers } from '@fulfillment/local/seeding/demo-pointers';
import { seedPopulation } from '@fulfillment/local/seeding/seed-population';
import { startSystem, type TestSystem } from './system.js';

/** Fills migrated databases with the demonstration population of a size, told as of today. */
export function seedSystem(urls: TestSystem['databaseUrls'], accounts: number): Promise<DemoPointers> {
  return seedPopulation({
    accounts,
    urls,
    today: new Date().toISOString().slice(0, 10),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}

/** The whole system in this process with a population in it; call it at the top of a test file. */
export async function startSeededSystem(
  accounts: number,
): Promise<TestSystem & { readonly demo: DemoPointers }> {
  const seeded: { demo?: DemoPointers } = {};
  const system = await startSystem({
    prepare: async (urls) => {
      seeded.demo = await seedSystem(urls, accounts);
    },
  });
  if (!seeded.demo) throw new Error('The seeding gave no pointers');
  return { ...system, demo: seeded.demo };
}
