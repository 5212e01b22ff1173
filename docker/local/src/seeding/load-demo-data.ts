import { z } from 'zod';
import type { DataFolder } from '../data-folder.js';
import { databaseIdentity, type DatabaseName } from '../databases.js';
import { readJson, writeJson } from '../files.js';
import { storeDemoPointers, storedDemoPointers } from '../identity/stored-demo-pointers.js';
import type { DemoPointers } from './demo-pointers.js';
import type { SeedOptions } from './seed-population.js';

const recordSchema = z.object({
  /** The very database that was filled: another one is empty. */
  database: z.string(),
  accounts: z.number().int().positive(),
  /** The day that the stories are told on; a seeding that goes on keeps to it. */
  today: z.iso.date(),
  complete: z.boolean(),
});

type SeedRecord = z.infer<typeof recordSchema>;

/** The databases hold other demo data already; the message says what can be done. */
export class SeedConflictError extends Error {
  override name = 'SeedConflictError';
}

/** What to load and where. */
export interface LoadOptions extends Pick<SeedOptions, 'onProgress' | 'signal'> {
  /** How many accounts; whatever is there already, or else 500, when left out. */
  readonly accounts: number | undefined;
  readonly data: DataFolder;
  readonly adminUrl: string;
  readonly urls: Readonly<Record<DatabaseName, string>>;
}

/** The demo data as it is now. */
export interface LoadedData {
  readonly accounts: number;
  /** False when it was there before. */
  readonly loaded: boolean;
  readonly pointers: DemoPointers;
}

const usualAccounts = 500;

/**
 * Loads the demo data once; a loading that was stopped goes on where it stopped. A population depends on its size, so
 * one that is there cannot grow.
 * @returns how many accounts there are, whether they were loaded now, and which to look at first
 * @throws SeedConflictError when a population of another size is there, wholly or in part
 */
export async function loadDemoData(options: LoadOptions): Promise<LoadedData> {
  const { data, adminUrl, urls, onProgress, signal } = options;
  const database = await databaseIdentity(adminUrl, 'orders');
  const known = await recordOf(data, database);
  const accounts = options.accounts ?? known?.accounts ?? usualAccounts;
  if (known !== undefined && known.accounts !== accounts) throw conflict(known, accounts);
  const stored = await storedDemoPointers(data);
  if (known?.complete && stored !== undefined) return { accounts, loaded: false, pointers: stored };
  const today = known?.today ?? new Date().toISOString().slice(0, 10);
  const record: SeedRecord = { database, accounts, today, complete: false };
  await writeJson(data.seeding, record);
  // The stories and their writers cost most of a second to load; every start but the first does without.
  const { seedPopulation } = await import('./seed-population.js');
  const pointers = await seedPopulation({ accounts, urls, today, onProgress, signal });
  await storeDemoPointers(data, pointers);
  await writeJson(data.seeding, { ...record, complete: true });
  return { accounts, loaded: true, pointers };
}

async function recordOf(data: DataFolder, database: string): Promise<SeedRecord | undefined> {
  const record = await readJson(data.seeding, recordSchema);
  return record?.database === database ? record : undefined;
}

function conflict(known: SeedRecord, accounts: number): SeedConflictError {
  return new SeedConflictError(
    known.complete
      ? `The databases hold ${known.accounts} accounts already. ` +
          `To have ${accounts} instead, begin afresh: add --reset --accounts ${accounts}`
      : `A loading of ${known.accounts} accounts was stopped half way. Finish it with --accounts ${known.accounts}, ` +
          `or begin afresh: add --reset --accounts ${accounts}`,
  );
}
