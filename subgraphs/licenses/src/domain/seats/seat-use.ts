import { compareDates, daysBetween, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { containsDate, partsByAnchor, type LocalPeriod } from '@fulfillment/kernel/domain/period';
import { silentAfterDays, silentFrom } from '../activation/instance.js';
import type { NewestSample, SeatPeak, SeatRecord, ToldMaximum } from './seat-record.js';

/** The highest number of billable users in a part of the term. */
export interface PeriodMaximum extends LocalPeriod {
  readonly maximum: number;
}

/** Days that follow each other, on each of which as many users were the highest count: which day of the term it is, from 0. */
export type UsedDays = readonly [nth: number, count: number, users: number];

/** How a deployment uses its seats. */
export interface SeatUse {
  /** Billable users by the newest report of each instance in use: the highest of them. */
  readonly used: number;
  /** The highest number of billable users in the term, since its account has it. */
  readonly maximum: number;
  /** The quarters of the term, in their order; none without a term. */
  readonly quarters: readonly PeriodMaximum[];
  /** The highest of each day of the term of which anything was reported, in order; none without a term. */
  readonly days: readonly UsedDays[];
  /** When the newest sample was taken. */
  readonly reportedAt: Date;
  /** When the next instance of those in use falls silent, if nothing is heard of it until then; null when none can. */
  readonly holdsUntil: Date | null;
}

const day = 86_400_000;

const quarter = { months: 3 } as const;
/** All days. */
export const ever: LocalPeriod = { start: '0001-01-01' as LocalDate, end: '9999-12-31' as LocalDate };

/** The periods of which the highest counts are kept: the quarters of a term, counted from its first day; all days without one. */
export function periodsOf(term: LocalPeriod | null): LocalPeriod[] {
  if (term === null) return [ever];
  return partsByAnchor(term, term.start, quarter).map(({ start, end }) => ({ start, end }));
}

/** Against what the use of seats is worked out, and at which instant. */
export interface SeatQuestion {
  readonly term: LocalPeriod | null;
  /** The first day of the term on which its account has it; its first day when left out. */
  readonly heldFrom?: LocalDate | null;
  readonly guestsBill: boolean;
  readonly at: Date;
}

/**
 * The use of seats by all that was reported, which no order of the reports and no repetition changes. Each instance counts what is
 * on it, so the highest of several on one license counts, not their sum. The term is half-open, in days (UTC).
 *
 * An activated instance that was not heard of for 30 days is silent: nobody can tell how many use it, and its last count is no use of
 * now. It stays in the maximum. What reports by files has no such clock: its last count stands until the next file.
 *
 * @param record with the days of the term
 * @param guestsBill whether guests take a seat under the plan, for the whole term
 * @returns null when nothing was reported
 */
export function seatUseOf(record: SeatRecord, question: SeatQuestion): SeatUse | null {
  const { term, guestsBill, at } = question;
  const count = ({ members, withGuests }: SeatPeak) => (guestsBill ? withGuests : members);
  const [first, ...others] = record.newest;
  if (first === undefined) return null;
  const reportedAt = others.reduce(
    (latest, { takenAt }) => (takenAt > latest ? takenAt : latest),
    first.takenAt,
  );
  const told = record.maxima.filter((one) => tellsMore(one, record, question, count));
  const periods = periodsOf(term).map((period) => ({
    ...period,
    maximum: Math.max(
      0,
      ...peaksWithin(record, term, period).map(count),
      ...told.filter(({ toldOn }) => containsDate(period, toldOn)).map(({ users }) => users),
    ),
  }));
  const inUse = record.newest.filter((one) => isInUse(one, reportedAt, at));
  const days = term === null ? [] : usedDays(term, record, told, count);
  const silences = inUse.flatMap((one) => silence(one)?.getTime() ?? []);
  return {
    used: Math.max(0, ...inUse.map(count)),
    maximum: Math.max(
      0,
      ...(term === null ? periods.map(({ maximum }) => maximum) : heldUse(days, term, question)),
    ),
    quarters: term === null ? [] : periods,
    days,
    reportedAt,
    holdsUntil: silences.length === 0 ? null : new Date(Math.min(...silences)),
  };
}

function peaksWithin(
  { days, highest }: SeatRecord,
  term: LocalPeriod | null,
  period: LocalPeriod,
): SeatPeak[] {
  if (term === null) return highest === null ? [] : [highest];
  const [from, until] = [daysBetween(term.start, period.start), daysBetween(term.start, period.end)];
  return days
    .filter(([nth]) => nth >= from && nth < until)
    .map(([, members, withGuests]) => ({ members, withGuests }));
}

/** What was used on days of the term on which its account has it. */
function heldUse(days: readonly UsedDays[], term: LocalPeriod, { heldFrom }: SeatQuestion): number[] {
  const first = heldFrom == null ? 0 : daysBetween(term.start, heldFrom);
  return days.filter(([nth, count]) => nth + count > first).map(([, , users]) => users);
}

/** A maximum that no sample accounts for counts on the day on which it was told of. */
function usedDays(
  term: LocalPeriod,
  { days }: SeatRecord,
  told: readonly ToldMaximum[],
  count: (peak: SeatPeak) => number,
): UsedDays[] {
  const highest = new Map<number, number>();
  const put = (nth: number, users: number) => highest.set(nth, Math.max(highest.get(nth) ?? 0, users));
  for (const [nth, members, withGuests] of days) put(nth, count({ members, withGuests }));
  for (const { toldOn, users } of told) {
    if (containsDate(term, toldOn)) put(daysBetween(term.start, toldOn), users);
  }
  const all: [nth: number, count: number, users: number][] = [];
  for (const [nth, users] of [...highest].toSorted(([left], [right]) => left - right)) {
    const last = all.at(-1);
    if (last !== undefined && last[0] + last[1] === nth && last[2] === users) last[1] += 1;
    else all.push([nth, 1, users]);
  }
  return all;
}

function isInUse(one: NewestSample, reportedAt: Date, at: Date): boolean {
  const { takenAt, endedAt } = one;
  if (endedAt !== null && endedAt >= takenAt) return false;
  if (reportedAt.getTime() - takenAt.getTime() > silentAfterDays * day) return false;
  const silent = silence(one);
  return silent === null || at < silent;
}

/** From when on an activated instance is silent, unless it is heard of before. */
function silence({ takenAt, heardOf }: NewestSample): Date | null {
  if (heardOf === null) return null;
  return silentFrom({ lastSeenAt: heardOf > takenAt ? heardOf : takenAt });
}

/**
 * True for a maximum of this term that no sample and no earlier maximum accounts for: it counts on the day on which it was first
 * told of. One that looks back beyond the term says nothing of it, nor one that looks back on what another account had.
 */
function tellsMore(
  one: ToldMaximum,
  { maxima }: SeatRecord,
  { term, heldFrom = null }: SeatQuestion,
  count: (peak: SeatPeak) => number,
): boolean {
  if (term !== null && compareDates(one.since, term.start) < 0) return false;
  const isOfAnother = (day: LocalDate) => heldFrom !== null && compareDates(day, heldFrom) < 0;
  if (isOfAnother(one.since) && !isOfAnother(one.toldOn)) return false;
  if (count(one.known) >= one.users) return false;
  return !maxima.some(
    (other) =>
      other !== one &&
      other.users >= one.users &&
      compareDates(other.since, one.since) >= 0 &&
      compareDates(other.toldOn, one.toldOn) <= 0,
  );
}
