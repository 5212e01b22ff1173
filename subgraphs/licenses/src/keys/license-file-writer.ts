import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { reportKeyOf } from 'fulfillment-license/usage-report';
import { signLicenseFile } from 'fulfillment-license/sign';
import type { LicenseFileWriter } from '../service/signing-ports.js';

/** Writes license files in the form that the `fulfillment-license` package reads. */
export const licenseFileWriter: LicenseFileWriter = {
  write: (content, signer, instanceKey) =>
    signLicenseFile(content, signer, instanceKey === null ? undefined : jwkOf(instanceKey)),
  canEncryptTo(instanceKey) {
    try {
      const publicKey = createPublicKey({ key: jwkOf(instanceKey), format: 'jwk' });
      return diffieHellman({ privateKey: generateKeyPairSync('x25519').privateKey, publicKey }).length > 0;
    } catch {
      return false;
    }
  },
  reportKeyOf,
};

function jwkOf(instanceKey: string) {
  return { kty: 'OKP', crv: 'X25519', x: instanceKey };
}
