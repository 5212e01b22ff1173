import { createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { KeyRing } from '../service/signing-ports.js';
import { publicHalf } from './public-half.js';

/** Private keys that end with the process: for tests, and for tools that start the service without a place to keep them. */
export function createMemoryKeyRing(): KeyRing {
  const keys = new Map<string, KeyObject>();
  const secret = randomBytes(32);
  return {
    async create() {
      const { privateKey } = generateKeyPairSync('ed25519');
      const half = await publicHalf(privateKey);
      keys.set(half.id, privateKey);
      return half;
    },
    holds: async (keyId) => keys.has(keyId),
    sign: async (keyId, bytes) => {
      const key = keys.get(keyId);
      if (key === undefined) throw new Error(`The ring does not hold the key ${keyId}`);
      return sign(null, bytes, key);
    },
    mac: async (text) => createHmac('sha256', secret).update(text).digest(),
  };
}
