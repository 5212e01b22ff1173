import type { Product } from '../product.js';

/** How many seats of an add-on there are, and how many users have one. */
export interface AddOnPool {
  /** By the subscription in force. */
  readonly purchased: number;
  /** More than purchased when fewer seats were bought later: nobody loses a seat by that, and nobody gets one until it is less. */
  readonly assigned: number;
}

/** What became of one user: `changed` is false where it was so before. */
export type SeatOutcome =
  | { readonly ok: true; readonly userId: string; readonly changed: boolean }
  | { readonly ok: false; readonly userId: string; readonly reason: 'NO_SEAT_LEFT' };

/**
 * Gives seats to users in their order, as long as there are any; who has one keeps it.
 * @param holders those of the users who have a seat
 */
export function assign(
  { purchased, assigned }: AddOnPool,
  holders: ReadonlySet<string>,
  userIds: readonly string[],
): SeatOutcome[] {
  let left = Math.max(0, purchased - assigned);
  const have = new Set(holders);
  return userIds.map((userId): SeatOutcome => {
    if (have.has(userId)) return { ok: true, userId, changed: false };
    if (left === 0) return { ok: false, userId, reason: 'NO_SEAT_LEFT' };
    left -= 1;
    have.add(userId);
    return { ok: true, userId, changed: true };
  });
}

/** Takes seats from users; who has none stays without. */
export function unassign(holders: ReadonlySet<string>, userIds: readonly string[]): SeatOutcome[] {
  const have = new Set(holders);
  return userIds.map((userId) => ({ ok: true, userId, changed: have.delete(userId) }));
}

/** The users for whom something changes. */
export function changedUsers(outcomes: readonly SeatOutcome[]): string[] {
  return outcomes.flatMap((outcome) => (outcome.ok && outcome.changed ? [outcome.userId] : []));
}

/** True for an add-on whose units are seats of named users: it unlocks something, where others give units of a limit or allowance. */
export function isPerUser({ features }: Pick<Product, 'features'>): boolean {
  return features.some(({ kind }) => kind === 'ON_OFF');
}

/** The seats that can still be assigned. */
export function availableSeats({ purchased, assigned }: AddOnPool): number {
  return Math.max(0, purchased - assigned);
}
