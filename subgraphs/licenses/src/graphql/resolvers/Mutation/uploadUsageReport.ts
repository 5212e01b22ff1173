import { hasScope } from '@fulfillment/kernel/domain/viewer';
import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { seatsOfDeployment } from '../../activation.js';
import { requireScope } from '../../require-scope.js';

export const uploadUsageReport: NonNullable<MutationResolvers['uploadUsageReport']> = async (
  _,
  { input },
  { viewer, loaders, activation },
) => {
  if (!hasScope(viewer, 'instances:activate')) requireScope(viewer, 'instances:write');
  const received = await activation.uploadUsageReport(input);
  if (!received.ok) {
    const userErrors = [received.error];
    return {
      usageReport: null,
      alreadyReceived: false,
      deployment: null,
      seats: null,
      unknownFeatureKeys: [],
      userErrors,
    };
  }
  const { alreadyReceived, unknownFeatureKeys, usageReport: report } = received.value;
  const { deploymentId, createdAt, receivedAt } = report;
  return {
    usageReport: { ...report, createdAt: new Date(createdAt), receivedAt: new Date(receivedAt) },
    alreadyReceived,
    unknownFeatureKeys: [...unknownFeatureKeys],
    deployment: await loaders.deployment.load(deploymentId),
    seats: await seatsOfDeployment(loaders, deploymentId),
    userErrors: [],
  };
};
