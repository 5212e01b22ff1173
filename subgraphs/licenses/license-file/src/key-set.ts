import { z } from 'zod';

const publicKey = z.looseObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().min(1),
  x: z.string().min(1),
  /** As OpenID Federation 1.0 has it for historical keys: what this key signed is no longer believed. */
  revoked: z.object({ revoked_at: z.number(), reason: z.string().optional() }).optional(),
});

export type PublicKey = z.infer<typeof publicKey>;

/** A JSON Web Key Set (RFC 7517) of the keys that sign license files. Keys of other kinds in it are passed over. */
const keySet = z.object({ keys: z.array(z.unknown()) }).transform(({ keys }) =>
  keys.flatMap((key): PublicKey[] => {
    const parsed = publicKey.safeParse(key);
    return parsed.success ? [parsed.data] : [];
  }),
);

/** Reads a key set's text; undefined when it is none. */
export function readKeySet(text: string): readonly PublicKey[] | undefined {
  try {
    const parsed = keySet.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
