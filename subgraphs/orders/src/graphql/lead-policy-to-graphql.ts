import type { StoredLeadPolicy } from '../service/leads/ports.js';
import type { LeadPolicy } from './__generated__/resolvers.js';

export function leadPolicyToGraphql({ scoring, assignment, ...policy }: StoredLeadPolicy): LeadPolicy {
  return {
    ...policy,
    scoring: scoring.map(({ condition, ...rule }) => ({ segment: null, seats: null, ...condition, ...rule })),
    assignment: assignment.map((rule) => ({ ...rule })),
  };
}
