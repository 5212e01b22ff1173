import { z } from 'zod';

/** What becomes of an operation that is not registered: it runs; it runs and is noted; it is refused and noted. */
export type SafelistMode = 'off' | 'log' | 'enforce';

/** The operations that clients have registered: by audience, then by hash, the text that runs. */
export type Safelist = ReadonlyMap<string, ReadonlyMap<string, string>>;

const manifestSchema = z.record(
  z.string().regex(/^[0-9a-f]{64}$/),
  z.object({ audience: z.string(), document: z.string().min(1) }),
);

/**
 * Reads a manifest: an object from the SHA-256 of a document, in hexadecimal, to `{ audience, document }`.
 *
 * @throws Error when it is of another form
 */
export function readSafelist(manifest: string): Safelist {
  const safelist = new Map<string, Map<string, string>>();
  for (const [hash, { audience, document }] of Object.entries(manifestSchema.parse(JSON.parse(manifest)))) {
    const operations = safelist.get(audience) ?? new Map<string, string>();
    safelist.set(audience, operations.set(hash, document));
  }
  return safelist;
}
