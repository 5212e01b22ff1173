import { readFile, stat } from 'node:fs/promises';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';

/**
 * The identity provider's public keys.
 *
 * `http(s):` keys are kept for ten minutes, and read again, at most every 30 s, when a token names an unknown key, so
 * a rotation needs no restart. `file:` keys are read again when a token names an unknown key and the file has changed.
 */
export function createKeySource(url: URL): JWTVerifyGetKey {
  if (url.protocol === 'file:') return fileKeySource(url);
  return createRemoteJWKSet(url, { cacheMaxAge: 600_000, cooldownDuration: 30_000, timeoutDuration: 5_000 });
}

function fileKeySource(url: URL): JWTVerifyGetKey {
  let current: { readonly keys: JWTVerifyGetKey; readonly version: string } | undefined;

  const load = async (version: string) => {
    current = { keys: createLocalJWKSet(JSON.parse(await readFile(url, 'utf8')) as JSONWebKeySet), version };
    return current;
  };

  return async (header, token) => {
    const loaded = current ?? (await load(await fileVersion(url)));
    try {
      return await loaded.keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const version = await fileVersion(url);
      if (version === loaded.version) throw error;
      return (await load(version)).keys(header, token);
    }
  };
}

/** Changes whenever the file is written or replaced. */
async function fileVersion(url: URL): Promise<string> {
  const { ino, size, mtimeNs } = await stat(url, { bigint: true });
  return `${ino}-${size}-${mtimeNs}`;
}
