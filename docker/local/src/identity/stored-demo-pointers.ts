import { z } from 'zod';
import type { DataFolder } from '../data-folder.js';
import { readJson, writeJson } from '../files.js';
import type { DemoPointers } from '../seeding/demo-pointers.js';

const schema = z.object({
  product: z.object({
    accountId: z.uuid(),
    accountName: z.string(),
    deployment: z.object({ id: z.uuid(), kind: z.string(), externalId: z.string() }),
  }),
  partner: z.object({ partnerId: z.uuid(), partnerName: z.string() }),
}) satisfies z.ZodType<DemoPointers>;

/** What seeding left in the data folder; undefined before the first seeding. */
export async function storedDemoPointers(data: Pick<DataFolder, 'demo'>): Promise<DemoPointers | undefined> {
  return readJson(data.demo, schema);
}

export async function storeDemoPointers(
  data: Pick<DataFolder, 'demo'>,
  pointers: DemoPointers,
): Promise<void> {
  await writeJson(data.demo, pointers);
}
