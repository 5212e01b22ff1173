import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { requireScope } from '../../require-scope.js';

export const reportSeats: NonNullable<MutationResolvers['reportSeats']> = async (
  _,
  { input: { idempotencyKey, reports } },
  { viewer, reportSeats: report },
) => {
  requireScope(viewer, 'seats:write');
  const reported = await report({
    idempotencyKey,
    reports: reports.map(({ deploymentKind, externalId, takenAt, counts, users }) => {
      return {
        deploymentKind,
        externalId,
        takenAt: takenAt ?? null,
        counts: counts ?? null,
        users: users ?? null,
      };
    }),
  });
  if (reported.ok) return { outcomes: reported.value, userErrors: [] };
  return { outcomes: [], userErrors: [{ ...reported.error, field: [...reported.error.field] }] };
};
