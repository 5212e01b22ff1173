import { z } from 'zod';

const testSchema = z.object({
  query: z.string(),
  expected: z.object({
    data: z.unknown().optional(),
    /** Whether there must be errors; when left out there may be. */
    errors: z.boolean().optional(),
  }),
});

/** One query of the audit, and what a right gateway answers. */
export type AuditTest = z.infer<typeof testSchema>;

/** A supergraph, whose services the audit's server answers for, and its tests. */
export interface Suite {
  readonly id: string;
  readonly supergraphSdl: string;
  readonly tests: readonly AuditTest[];
}

/** All suites of an audit's server. */
export async function fetchSuites(address: string): Promise<readonly Suite[]> {
  const ids = z.array(z.string()).parse(JSON.parse(await get(address, 'ids')));
  return Promise.all(
    ids.map(async (id) => ({
      id,
      supergraphSdl: await get(address, `${id}/supergraph`),
      tests: z.array(testSchema).parse(JSON.parse(await get(address, `${id}/tests`))),
    })),
  );
}

async function get(address: string, path: string): Promise<string> {
  const response = await fetch(new URL(path, `${address.replace(/\/+$/, '')}/`));
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response.text();
}
