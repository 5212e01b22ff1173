import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { seatsOfDeployment } from '../../activation.js';
import { seatsToGraphql } from '../../entitlements-to-graphql.js';
import { requireScope } from '../../require-scope.js';

export const synchronizeInstance: NonNullable<MutationResolvers['synchronizeInstance']> = async (
  _,
  { input },
  { viewer, loaders, activation },
) => {
  requireScope(viewer, 'instances:activate');
  const { id, hostName = null, seats, featureUse } = input;
  const synchronized = await activation.synchronizeInstance({
    ...input,
    id: id.toLowerCase(),
    hostName,
    seats: (seats ?? []).map(({ takenAt, counts, maximum, maximumSince }) => ({
      takenAt: takenAt ?? null,
      counts,
      maximum: maximum ?? null,
      maximumSince: maximumSince ?? null,
    })),
    featureUse: (featureUse ?? []).map((use) => ({ ...use, observedAt: use.observedAt ?? null })),
  });
  if (!synchronized.ok) {
    const userErrors = [synchronized.error];
    const unknownFeatureKeys: string[] = [];
    return {
      instance: null,
      licenseFile: null,
      nextLicenseFile: null,
      seats: null,
      unknownFeatureKeys,
      userErrors,
    };
  }
  const { id: known, deploymentId, left, unknownFeatureKeys, ...files } = synchronized.value;
  return {
    ...files,
    unknownFeatureKeys: [...unknownFeatureKeys],
    instance: left?.instance ?? (await loaders.instance.load(known)),
    seats: left ? seatsToGraphql(left.seats) : await seatsOfDeployment(loaders, deploymentId),
    userErrors: [],
  };
};
