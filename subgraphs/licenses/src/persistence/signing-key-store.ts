import type { EntityManager } from 'typeorm';
import type { SigningKey } from '../domain/signing/signing-key.js';
import type { SigningKeyStore } from '../service/signing-ports.js';
import { signingKeyEntity, type SigningKeyRow } from './signing-entities.js';

/** Public halves of signing keys, within one transaction. */
export function createSigningKeyStore(manager: EntityManager): SigningKeyStore {
  return {
    async hold() {
      // Rows alone would not keep a first key from being made twice.
      await manager.query('LOCK TABLE signing_key IN SHARE ROW EXCLUSIVE MODE');
      return selectSigningKeys(manager);
    },
    all: () => selectSigningKeys(manager),
    async add(key) {
      await manager.insert(signingKeyEntity, toRow(key));
    },
    async signFrom(id, at) {
      await manager.update(signingKeyEntity, { id }, { signsFrom: at });
    },
    async revoke(id, { at, reason }) {
      await manager.update(signingKeyEntity, { id }, { revokedAt: at, revocationReason: reason });
    },
  };
}

/** Every key: they are public. */
export async function selectSigningKeys(manager: EntityManager): Promise<SigningKey[]> {
  return (await manager.find(signingKeyEntity)).map(signingKeyFromRow);
}

export function signingKeyFromRow({
  id,
  publicX,
  createdAt,
  signsFrom,
  revokedAt,
  revocationReason,
}: SigningKeyRow): SigningKey {
  return {
    id,
    publicKey: { kty: 'OKP', crv: 'Ed25519', x: publicX },
    createdAt,
    signsFrom,
    revocation: revokedAt === null ? null : { at: revokedAt, reason: revocationReason ?? '' },
  };
}

function toRow({ id, publicKey, createdAt, signsFrom, revocation }: SigningKey): SigningKeyRow {
  return {
    id,
    publicX: publicKey.x,
    createdAt,
    signsFrom,
    revokedAt: revocation?.at ?? null,
    revocationReason: revocation?.reason ?? null,
  };
}
