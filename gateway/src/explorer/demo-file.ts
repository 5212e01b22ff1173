import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const token = z.string().min(1);
const demoSchema = z.object({
  product: z.object({
    accountId: z.uuid(),
    accountName: z.string(),
    deployment: z.object({ id: z.uuid(), kind: z.string().min(1), externalId: z.string().min(1) }),
  }),
  partner: z.object({ partnerId: z.uuid(), partnerName: z.string() }),
});

/**
 * The file at EXPLORER_TOKENS_FILE, written by what starts the system locally: a client token for each audience, and
 * where a first look at the demo data is worth while. It is read anew each time, so tokens may be renewed in it.
 */
export const demoFileSchema = z.object({
  tokens: z.object({ product: token, internal: token, partner: token }),
  demo: demoSchema.optional(),
});

export type DemoFile = z.infer<typeof demoFileSchema>;

/** The file's content, or what is wrong with it in words that hold nothing of the content. */
export type DemoFileReading =
  { readonly ok: true; readonly content: DemoFile } | { readonly ok: false; readonly problem: string };

export async function readDemoFile(path: string): Promise<DemoFileReading> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return wrong('it cannot be read');
  const parsed = demoFileSchema.safeParse(parseJson(text));
  if (parsed.success) return { ok: true, content: parsed.data };
  return wrong(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

/** Undefined for what is not JSON: the error of `JSON.parse` would quote the text, which holds tokens. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrong(reason: string): DemoFileReading {
  return { ok: false, problem: `The file at EXPLORER_TOKENS_FILE does not serve: ${reason}.` };
}
