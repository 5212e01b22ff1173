import { addMonths, compareDates, localDate, type LocalDate } from '@fulfillment/kernel/domain/calendar';

/** A quantity that was granted once: what is left of it carries over from month to month. */
export interface AllowanceGrant {
  readonly id: string;
  /** The lower the number, the earlier it is used. */
  readonly priority: number;
  /** It counts for the whole month (UTC) in which it begins. */
  readonly from: Date;
  /** From this instant on it may not be used; null: it does not expire. */
  readonly until: Date | null;
  readonly quantity: number;
  /** How much of what is left at the end of a month carries over; null: all of it. */
  readonly rolloverCap: number | null;
}

/** What was used in a part of a month. Parts begin with the month and wherever a grant ends, so none lies across an end. */
export interface UsedPart {
  /** The first day of the month (UTC). */
  readonly month: LocalDate;
  readonly from: Date;
  readonly used: number;
  /** The quota of that month, as it was when something was used in it last; null where only the present one is known. */
  readonly quota: number | null;
}

/** What is known of one allowance. */
export interface AllowanceFacts {
  /** What may be used in the present month before anything that was granted once; it lapses with the month. */
  readonly quota: number;
  readonly grants: readonly AllowanceGrant[];
  /** In any order. */
  readonly parts: readonly UsedPart[];
}

/** An allowance at an instant; no number of it is ever negative. */
export interface AllowanceState {
  /** What may be used in this month: what is left, and what was used of quota and grants. */
  readonly allowance: number;
  readonly used: number;
  readonly remaining: number;
  /** What was used in this month beyond quota and grants. */
  readonly overage: number;
  readonly quotaLeft: number;
  /** What is left of each grant that may be used now, by its id. */
  readonly left: ReadonlyMap<string, number>;
  /** The first day of the next month. */
  readonly resetsOn: LocalDate;
}

/** Where neither says otherwise, the month's quota and what was granted come by their expiry. */
export const usualPriority = 100;

const quotaId = 'quota';

/** The first day of the month that it is in UTC. */
export function monthStart(at: Date): LocalDate {
  return localDate(`${at.toISOString().slice(0, 7)}-01`);
}

/** The instant at which a day begins in UTC. */
export function utcStart(day: LocalDate): Date {
  return new Date(`${day}T00:00:00.000Z`);
}

/**
 * Replays the ledger month by month: what was used burns the month's quota and the grants of its time in `burnOrder`; with the
 * month, what is left of the quota lapses, and what is left of the grants carries over up to their cap.
 * Cases A6 (the quota lapses, a pack carries over), F56 (the order), F57 (the caps).
 */
export function allowanceAt({ quota, grants, parts }: AllowanceFacts, at: Date): AllowanceState {
  const known = grants.filter(({ from }) => from <= at);
  const thisMonth = monthStart(at);
  const left = new Map<string, number>();
  for (const month of usedMonthsBefore(parts, thisMonth)) {
    const own = parts.filter((part) => part.month === month);
    burnMonth(known, left, { month, quota: own[0]?.quota ?? quota, parts: own });
  }
  const own = parts.filter(({ month }) => month === thisMonth);
  const overage = burnMonth(known, left, { month: thisMonth, quota, parts: own });
  const usable = new Map(
    known.filter((grant) => isOpenAt(grant, at)).map(({ id }) => [id, left.get(id) ?? 0] as const),
  );
  const used = own.reduce((sum, part) => sum + part.used, 0);
  const quotaLeft = left.get(quotaId) ?? 0;
  const remaining = [...usable.values()].reduce((sum, one) => sum + one, quotaLeft);
  return {
    allowance: remaining + used - overage,
    used,
    remaining,
    overage,
    quotaLeft,
    left: usable,
    resetsOn: addMonths(thisMonth, 1),
  };
}

/** By priority, then the earlier expiry, then the older one; of equals the id decides. Case F56. */
export function burnOrder(one: AllowanceGrant, other: AllowanceGrant): number {
  return (
    one.priority - other.priority ||
    expiry(one) - expiry(other) ||
    one.from.getTime() - other.from.getTime() ||
    (one.id < other.id ? -1 : one.id > other.id ? 1 : 0)
  );
}

/** A number even for what never expires: two infinities have no difference. */
function expiry({ until }: AllowanceGrant): number {
  return until?.getTime() ?? Number.MAX_SAFE_INTEGER;
}

function usedMonthsBefore(parts: readonly UsedPart[], thisMonth: LocalDate): LocalDate[] {
  const months = new Set(
    parts.map(({ month }) => month).filter((month) => compareDates(month, thisMonth) < 0),
  );
  return [...months].toSorted(compareDates);
}

interface UsedMonth {
  readonly month: LocalDate;
  readonly quota: number;
  readonly parts: readonly UsedPart[];
}

/** Opens a month and burns what was used in it. @returns what was used beyond everything */
function burnMonth(
  grants: readonly AllowanceGrant[],
  left: Map<string, number>,
  { month, quota, parts }: UsedMonth,
): number {
  const from = utcStart(month);
  const until = utcStart(addMonths(month, 1));
  for (const grant of grants) left.set(grant.id, carriedInto(grant, left.get(grant.id), month));
  left.set(quotaId, quota);
  const ofMonth: AllowanceGrant = {
    id: quotaId,
    priority: usualPriority,
    from,
    until,
    quantity: quota,
    rolloverCap: 0,
  };
  const inOrder = [ofMonth, ...grants].toSorted(burnOrder);
  const inTime = parts.toSorted((one, other) => one.from.getTime() - other.from.getTime());
  return inTime.reduce((overage, part) => overage + burn(inOrder, left, part), 0);
}

/**
 * What there is of a grant as a month begins: all of it in its own month, and after that what is left up to its cap. A month in
 * which nothing was used is passed over: a cap takes nothing the second time.
 */
function carriedInto(grant: AllowanceGrant, left: number | undefined, month: LocalDate): number {
  const before = left ?? grant.quantity;
  const isOlder = compareDates(monthStart(grant.from), month) < 0;
  return isOlder && grant.rolloverCap !== null ? Math.min(before, grant.rolloverCap) : before;
}

/** Takes what was used in a part from the grants that were open then. @returns what is owed after that */
function burn(inOrder: readonly AllowanceGrant[], left: Map<string, number>, part: UsedPart): number {
  let owed = part.used;
  for (const grant of inOrder) {
    if (!isOpenAt(grant, part.from)) continue;
    const before = left.get(grant.id) ?? 0;
    const burned = Math.min(owed, before);
    left.set(grant.id, before - burned);
    owed -= burned;
  }
  return owed;
}

function isOpenAt({ from, until }: AllowanceGrant, instant: Date): boolean {
  return utcStart(monthStart(from)) <= instant && (until === null || instant < until);
}
