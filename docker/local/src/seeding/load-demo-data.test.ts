import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import { type DataFolder, openDataFolder } from '../data-folder.js';
import type { DatabaseName } from '../databases.js';
import { storedDemoPointers } from '../identity/stored-demo-pointers.js';
import type { DemoPointers } from './demo-pointers.js';
import { loadDemoData } from './load-demo-data.js';
import { seedPopulation } from './seed-population.js';

// What is loaded and how is not the matter here, but when.
vi.mock('./seed-population.js', () => ({ seedPopulation: vi.fn() }));
const { identity } = vi.hoisted(() => ({ identity: { database: 'server/1' } }));
vi.mock('../databases.js', async (original) => ({
  ...(await original<object>()),
  databaseIdentity: async () => identity.database,
}));

const pointers: DemoPointers = {
  product: {
    accountId: '0b8c4f5e-5b1f-5d0c-9a49-0b7f0c6a2d11',
    accountName: 'Nordwind',
    deployment: {
      id: '1d0f1a2b-5b1f-5d0c-9a49-0b7f0c6a2d22',
      kind: 'SAAS_NAMESPACE',
      externalId: 'nordwind',
    },
  },
  partner: { partnerId: '2c3d4e5f-5b1f-5d0c-9a49-0b7f0c6a2d33', partnerName: 'Brightline' },
};

let data: DataFolder;
beforeEach(async () => {
  data = await openDataFolder(await mkdtemp(path.join(tmpdir(), 'seeding-')));
  identity.database = 'server/1';
  vi.mocked(seedPopulation).mockReset().mockResolvedValue(pointers);
});
afterEach(() => rm(data.folder, { recursive: true }));

function load(accounts?: number) {
  return loadDemoData({
    accounts,
    data,
    adminUrl: 'postgres://nobody@nowhere/none',
    urls: {} as Record<DatabaseName, string>,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}

describe('loadDemoData', () => {
  it('loads 500 accounts once and leaves a pointer to what is worth looking at', async () => {
    expect(await load()).toEqual({ accounts: 500, loaded: true, pointers });
    expect(await load()).toEqual({ accounts: 500, loaded: false, pointers });
    expect(await load(500)).toMatchObject({ loaded: false });
    expect(seedPopulation).toHaveBeenCalledTimes(1);
    expect(await storedDemoPointers(data)).toEqual(pointers);
  });

  it('goes on with the same size and day after it was stopped', async () => {
    vi.useFakeTimers({ now: new Date('2026-11-23T10:00:00Z'), toFake: ['Date'] });
    vi.mocked(seedPopulation).mockRejectedValueOnce(new Error('stopped'));
    await expect(load(2_000)).rejects.toThrow('stopped');
    await expect(load(1_000)).rejects.toThrow(/2000 accounts was stopped half way/);
    vi.setSystemTime('2026-11-25T10:00:00Z');
    expect(await load()).toMatchObject({ accounts: 2_000, loaded: true });
    vi.useRealTimers();
    const calls = vi.mocked(seedPopulation).mock.calls.map(([{ accounts, today }]) => ({ accounts, today }));
    expect(calls).toEqual([1, 2].map(() => ({ accounts: 2_000, today: '2026-11-23' })));
  });

  it('does not grow a population that is there', async () => {
    await load();
    await expect(load(501)).rejects.toThrow(/hold 500 accounts already.*--reset --accounts 501/);
  });

  it('loads again into databases that were made anew', async () => {
    await load();
    identity.database = 'server/2';
    expect(await load(700)).toMatchObject({ accounts: 700, loaded: true });
  });
});
