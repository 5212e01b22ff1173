import type { Page } from '@fulfillment/kernel/server/pages';
import { publishedKeySet } from '../domain/signing/signing-key.js';
import type { RunTransaction } from '../service/ports.js';

/** The public keys of license files as a JSON Web Key Set (RFC 7517), for anybody. */
export function publishedKeysPage(run: RunTransaction): Page {
  return {
    method: 'GET',
    path: '/.well-known/jwks.json',
    answer: async () => ({ json: publishedKeySet(await run((unit) => unit.signingKeys.all())) }),
  };
}
