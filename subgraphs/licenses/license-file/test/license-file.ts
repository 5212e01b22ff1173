import { generateKeyPairSync, sign } from 'node:crypto';
import type { LicenseFileContent } from '../src/content.js';
import type { PublicKey } from '../src/key-set.js';
import type { Signer } from '../src/sign.js';

/** A signer with a new key, and the key's public half as it would be published. */
export function newSigner(keyId: string): { readonly signer: Signer; readonly published: PublicKey } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    signer: { keyId, sign: async (bytes) => sign(null, bytes, privateKey) },
    published: { kty: 'OKP', crv: 'Ed25519', kid: keyId, x },
  };
}

/** An X25519 key pair of an instance. */
export function newInstanceKey() {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return { publicKey: publicKey.export({ format: 'jwk' }), privateKey: privateKey.export({ format: 'jwk' }) };
}

export function contentOf(changes: Partial<LicenseFileContent> = {}): LicenseFileContent {
  return {
    format: 1,
    file: {
      id: '0c9d4d1e-7f3f-4c0f-9c61-7a3a2c0e0001',
      issuedAt: '2024-01-01T08:00:00.000Z',
      expiresAt: null,
    },
    license: {
      id: '0c9d4d1e-7f3f-4c0f-9c61-7a3a2c0e0002',
      planCode: 'PREMIUM',
      seats: 25,
      trial: false,
      startsOn: '2024-01-01',
      endsOn: '2025-01-01',
      issuedAt: '2023-12-20T08:00:00.000Z',
    },
    deployment: {
      id: '0c9d4d1e-7f3f-4c0f-9c61-7a3a2c0e0003',
      kind: 'SELF_MANAGED_INSTANCE',
      externalId: 'build.example.com',
    },
    instanceId: null,
    notices: {
      administratorsFrom: '2024-12-02',
      usersFrom: '2025-01-01',
      changesBlockedFrom: '2025-01-15',
    },
    restrictions: { userLimit: null, reportsUsage: true },
    features: [{ key: 'epics', kind: 'ON_OFF', quantity: null }],
    ...changes,
  };
}
