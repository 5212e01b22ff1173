import path from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from '../files.js';
import { createIdentity, generateKeys, type Identity, type IdentityKeys } from './identity.js';

const keySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
  kid: z.string(),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
});
const keysSchema = z.object({ client: keySchema, viewer: keySchema });

/**
 * The identity whose keys lie in `<dataFolder>/identity`, readable by the owner alone. They are made once, so tokens
 * outlive a restart; the public client keys are written beside them as `jwks.json`.
 */
export async function storedIdentity(dataFolder: string, issuer: string): Promise<Identity> {
  const keys = await storedKeys(path.join(dataFolder, 'identity', 'keys.json'));
  const identity = await createIdentity({ issuer, keys });
  await writeJson(keySetFile(dataFolder), identity.clientKeySet);
  return identity;
}

/** The public keys of the clients' tokens, as the gateway reads them. */
export function keySetFile(dataFolder: string): string {
  return path.join(dataFolder, 'identity', 'jwks.json');
}

async function storedKeys(file: string): Promise<IdentityKeys> {
  const stored = await readJson(file, keysSchema);
  if (stored !== undefined) return stored;
  await writeJson(file, await generateKeys());
  // Read again: of two processes that make keys at the same moment, the later file counts for both.
  return keysSchema.parse(await readJson(file, keysSchema));
}
