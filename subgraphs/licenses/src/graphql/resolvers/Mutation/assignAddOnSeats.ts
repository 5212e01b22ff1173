import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { addOnSeatsPayload } from '../../add-on-seats-payload.js';
import { requireScope } from '../../require-scope.js';

export const assignAddOnSeats: NonNullable<MutationResolvers['assignAddOnSeats']> = async (
  _,
  { input },
  { viewer, assignAddOnSeats: assign },
) => {
  requireScope(viewer, 'seats:assign');
  return addOnSeatsPayload(input.userIds, await assign(input));
};
