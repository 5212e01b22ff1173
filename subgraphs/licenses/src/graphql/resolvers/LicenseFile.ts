import type { LicenseFileResolvers } from '../__generated__/resolvers.js';

export const LicenseFile: LicenseFileResolvers = {
  license: ({ licenseId }, _, { loaders }) => loaders.license.load(licenseId),
  issuedAt: ({ issuedAt }) => new Date(issuedAt),
  expiresAt: ({ expiresAt }) => (expiresAt === null ? null : new Date(expiresAt)),
};
