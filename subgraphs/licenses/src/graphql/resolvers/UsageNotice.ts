import type { UsageNoticeResolvers } from '../__generated__/resolvers.js';

/** Fields that are not named here are those of the notice itself. */
export const UsageNotice: UsageNoticeResolvers = {
  kind: ({ subject }) => subject.kind,
  featureKey: ({ subject }) => (subject.kind === 'SEATS' ? null : subject.featureKey),
  featureName: ({ subject }) => (subject.kind === 'SEATS' ? null : subject.featureName),
  periodStart: ({ period }) => period.start,
  periodEnd: ({ period }) => period.end,
  delivery: (notice) => notice,
};
