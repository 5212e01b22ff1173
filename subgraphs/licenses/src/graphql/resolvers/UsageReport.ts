import type { UsageReportResolvers } from '../__generated__/resolvers.js';

export const UsageReport: UsageReportResolvers = {
  receivedFrom: ({ uploadedBy }) => uploadedBy,
};
