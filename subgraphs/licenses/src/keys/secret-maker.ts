import { createHash, timingSafeEqual } from 'node:crypto';
import { codeText } from '../domain/activation/code-text.js';
import type { Secret, SecretMaker } from '../service/activation/ports.js';
import type { KeyRing } from '../service/signing-ports.js';

/** Makes secret texts under the secret of a key ring, which keeps it as it keeps its keys. */
export function createSecretMaker(ring: Pick<KeyRing, 'mac'>): SecretMaker {
  return {
    codeOf: async (id) => secret(codeText(await ring.mac(`activation-code:${id}`))),
    // The prefix lets scanners of repositories and logs find a secret that leaked.
    secretOf: async (id) =>
      secret(`fis_${Buffer.from(await ring.mac(`instance-secret:${id}`)).toString('base64url')}`),
    hash: (text) => digest(text).toString('hex'),
    matches: (text, hash) => timingSafeEqual(digest(text), Buffer.from(hash, 'hex')),
  };
}

function secret(text: string): Secret {
  return { text, hash: digest(text).toString('hex') };
}

/** A text of 125 random bits or more needs no salt and no slow hash: there is nothing to guess it from. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
