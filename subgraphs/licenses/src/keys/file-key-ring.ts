import {
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto';
import { access, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeyRing } from '../service/signing-ports.js';
import { publicHalf } from './public-half.js';

/**
 * Private keys as files of a folder, `<key id>.pem` (PKCS #8), for the service's user alone to read, and the secret of
 * `mac` beside them. Replicas of the service share the folder.
 */
export function createFileKeyRing(folder: string): KeyRing {
  const known = new Map<string, KeyObject>();
  let secret: Promise<Buffer> | undefined;
  const fileOf = (keyId: string) => path.join(folder, `${keyId}.pem`);

  const keyOf = async (keyId: string): Promise<KeyObject> => {
    const kept = known.get(keyId);
    if (kept !== undefined) return kept;
    const key = createPrivateKey(await readFile(fileOf(keyId)));
    known.set(keyId, key);
    return key;
  };

  return {
    async create() {
      const { privateKey } = generateKeyPairSync('ed25519');
      const half = await publicHalf(privateKey);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const unfinished = `${fileOf(half.id)}.new`;
      await writeFile(unfinished, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
      await rename(unfinished, fileOf(half.id));
      return half;
    },
    holds: (keyId) =>
      access(fileOf(keyId)).then(
        () => true,
        () => false,
      ),
    sign: async (keyId, bytes) => sign(null, bytes, await keyOf(keyId)),
    async mac(text) {
      secret ??= ownSecret(folder);
      return createHmac('sha256', await secret)
        .update(text)
        .digest();
    },
  };
}

/** The secret of a folder, made when it is first needed: of several that make one at the same moment, the first one's holds. */
async function ownSecret(folder: string): Promise<Buffer> {
  const file = path.join(folder, 'mac.secret');
  const unfinished = `${file}.${randomUUID()}`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(unfinished, randomBytes(32).toString('base64url'), { mode: 0o600 });
  await link(unfinished, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(unfinished);
  return Buffer.from(await readFile(file, 'utf8'), 'base64url');
}
