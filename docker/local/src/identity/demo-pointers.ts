import path from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from '../files.js';

const schema = z.object({
  product: z.object({
    accountId: z.uuid(),
    deployment: z.object({
      kind: z.enum(['SAAS_NAMESPACE', 'SELF_MANAGED_INSTANCE', 'DEDICATED_TENANT']),
      externalId: z.string(),
      id: z.uuid(),
    }),
  }),
  partner: z.object({ partnerId: z.uuid() }),
});

/** A customer and a partner of the demo data that are worth looking at first. */
export type DemoPointers = z.infer<typeof schema>;

/** What seeding left in the data folder; undefined before the first seeding. */
export async function readDemoPointers(dataFolder: string): Promise<DemoPointers | undefined> {
  return readJson(fileOf(dataFolder), schema);
}

export async function writeDemoPointers(dataFolder: string, pointers: DemoPointers): Promise<void> {
  await writeJson(fileOf(dataFolder), schema.parse(pointers));
}

function fileOf(dataFolder: string): string {
  return path.join(dataFolder, 'demo.json');
}
