import type { Products } from '../product.js';

/** What a user is: a person, or an account that a program works with. */
export type SeatUserKind = 'PERSON' | 'BOT';

/** What a user may do: a guest looks on, everybody else is a member. */
export type SeatUserRole = 'GUEST' | 'MEMBER';

/** How a user stands: only an active one can take a seat. */
export type SeatUserState = 'ACTIVE' | 'BLOCKED' | 'DEACTIVATED' | 'PENDING';

/** Users of one kind, role and state, counted by who reports. */
export interface SeatCount {
  readonly kind: SeatUserKind;
  readonly role: SeatUserRole;
  readonly state: SeatUserState;
  /** 0 or more. */
  readonly count: number;
}

/** That a user belongs to one group of a namespace. The same user may belong to several. */
export interface Membership {
  readonly userId: string;
  readonly kind: SeatUserKind;
  readonly role: SeatUserRole;
  readonly state: SeatUserState;
}

/** Who may take a seat: members always do, guests on the plans on which guests bill. */
export interface BillableUsers {
  readonly members: number;
  readonly guests: number;
}

/** Sums counted users. Bots, and whoever is blocked, deactivated or pending, take no seat on any plan. */
export function billableOfCounts(counts: readonly SeatCount[]): BillableUsers {
  const sum = (role: SeatUserRole) =>
    counts.reduce((total, one) => (one.role === role && takesSeat(one) ? total + one.count : total), 0);
  return { members: sum('MEMBER'), guests: sum('GUEST') };
}

/**
 * Counts persons, each once in however many groups they are: as a member when they are one in any group, else as a guest. A
 * membership that takes no seat (pending, say) does not keep another one from it.
 */
export function billableOfMemberships(memberships: readonly Membership[]): BillableUsers {
  const members = new Set<string>();
  const guests = new Set<string>();
  for (const membership of memberships) {
    if (!takesSeat(membership)) continue;
    (membership.role === 'MEMBER' ? members : guests).add(membership.userId);
  }
  return { members: members.size, guests: [...guests].filter((userId) => !members.has(userId)).length };
}

function takesSeat({ kind, state }: Pick<SeatCount, 'kind' | 'state'>): boolean {
  return kind === 'PERSON' && state === 'ACTIVE';
}

/** The feature of a plan on which guests take no seat: data of the price list, which comes with the product's snapshot. */
export const freeGuestsFeature = 'free_guest_users';

/** Whether guests take a seat on a plan. They do on one that has not arrived yet. */
export function guestsBillOn(planCode: string, products: Products): boolean {
  const features = products.get(planCode)?.features ?? [];
  return !features.some(({ key }) => key === freeGuestsFeature);
}

/** The users who need a seat under a plan. */
export function billableUnder(guestsBill: boolean, { members, guests }: BillableUsers): number {
  return guestsBill ? members + guests : members;
}
