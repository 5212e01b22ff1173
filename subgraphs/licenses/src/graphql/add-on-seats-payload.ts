import type { Result } from '@fulfillment/kernel/domain/result';
import type { Refusal } from '../domain/refusal.js';
import { availableSeats } from '../domain/seats/add-on-seats.js';
import type { AddOnSeatsOutcome } from '../service/assign-add-on-seats.js';
import type { AddOnSeatsPayload, LicenseUserError } from './__generated__/resolvers.js';

/** What became of each user, or what was wrong with the call as a whole. */
export function addOnSeatsPayload(
  userIds: readonly string[],
  outcome: Result<AddOnSeatsOutcome, Refusal>,
): AddOnSeatsPayload {
  if (!outcome.ok)
    return { outcomes: [], assigned: null, available: null, userErrors: [toGraphql(outcome.error)] };
  const { pool, users } = outcome.value;
  return {
    outcomes: users.map(({ changed, refusal }, index) => {
      return {
        userId: userIds[index] ?? '',
        changed,
        userErrors: refusal === null ? [] : [toGraphql(refusal)],
      };
    }),
    assigned: pool.assigned,
    available: availableSeats(pool),
    userErrors: [],
  };
}

function toGraphql({ code, message, field }: Refusal): LicenseUserError {
  return { code, message, field: [...field] };
}
