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
  const { id, hostName = null, seats } = input;
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
  });
  if (!synchronized.ok) {
    const userErrors = [synchronized.error];
    return { instance: null, licenseFile: null, nextLicenseFile: null, seats: null, userErrors };
  }
  const { id: known, deploymentId, left, ...files } = synchronized.value;
  return {
    ...files,
    instance: left?.instance ?? (await loaders.instance.load(known)),
    seats: left ? seatsToGraphql(left.seats) : await seatsOfDeployment(loaders, deploymentId),
    userErrors: [],
  };
};
