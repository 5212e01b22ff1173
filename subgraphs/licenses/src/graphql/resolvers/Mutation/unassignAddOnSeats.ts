import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { addOnSeatsPayload } from '../../add-on-seats-payload.js';
import { requireScope } from '../../require-scope.js';

export const unassignAddOnSeats: NonNullable<MutationResolvers['unassignAddOnSeats']> = async (
  _,
  { input },
  { viewer, unassignAddOnSeats: unassign },
) => {
  requireScope(viewer, 'seats:assign');
  return addOnSeatsPayload(input.userIds, await unassign(input));
};
