import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';

export const reportFeatureUse: NonNullable<MutationResolvers['reportFeatureUse']> = async (
  _,
  { input: { idempotencyKey, reports } },
  { viewer, reportFeatureUse: report },
) => {
  requireScope(viewer, 'usage:write');
  const reported = await report({
    idempotencyKey,
    reports: reports.map((one) => ({ ...one, observedAt: one.observedAt ?? null })),
  });
  if (reported.ok) return { outcomes: reported.value, userErrors: [] };
  return { outcomes: [], userErrors: [{ ...reported.error, field: [...reported.error.field] }] };
};
