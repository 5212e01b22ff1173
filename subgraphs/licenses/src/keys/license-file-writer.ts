import { reportKeyOf } from 'fulfillment-license/usage-report';
import { signLicenseFile } from 'fulfillment-license/sign';
import type { LicenseFileWriter } from '../service/signing-ports.js';

/** Writes license files in the form that the `fulfillment-license` package reads. */
export const licenseFileWriter: LicenseFileWriter = {
  write: (content, signer, instanceKey) =>
    signLicenseFile(
      content,
      signer,
      instanceKey === null ? undefined : { kty: 'OKP', crv: 'X25519', x: instanceKey },
    ),
  reportKeyOf,
};
