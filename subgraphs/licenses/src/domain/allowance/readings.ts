import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { monthStart, utcStart, type UsedPart } from './ledger.js';

/**
 * What one meter had counted from the first instant of a month on, by its last reading within a part of the month. A meter never
 * counts backwards, so the last reading is the highest, in whatever order readings come.
 */
export interface MeterReading {
  /** The meter; several of one allowance add up. */
  readonly source: string;
  /** The first day of the month (UTC). */
  readonly month: LocalDate;
  /** The first instant of the part. */
  readonly from: Date;
  readonly measuredAt: Date;
  readonly total: number;
  /**
   * The month's quota, as it was when something was used in it last: the same for all readings of a month. Null where only the
   * present one is known.
   */
  readonly quota: number | null;
}

/** What was used in each part of each month: by meter, a part's total less that of the part before. */
export function partsOf(readings: readonly MeterReading[]): UsedPart[] {
  const counted = new Map<string, number>();
  return readings.toSorted(inTime).map(({ source, month, from, total, quota }) => {
    const meter = `${month} ${source}`;
    const before = counted.get(meter) ?? 0;
    counted.set(meter, Math.max(before, total));
    return { month, from, used: Math.max(0, total - before), quota };
  });
}

/** What a meter has counted in a month so far; 0 when it was never read in it. */
export function countedBy(readings: readonly MeterReading[], source: string, month: LocalDate): number {
  return readings
    .filter((reading) => reading.source === source && reading.month === month)
    .reduce((most, { total }) => Math.max(most, total), 0);
}

/**
 * The first instant of the part of a month that an instant lies in: the month's, or that at which a grant last ended.
 * @param ends when grants of the allowance end or have ended
 */
export function partStart(ends: readonly Date[], at: Date): Date {
  const start = utcStart(monthStart(at)).getTime();
  const before = ends.map((end) => end.getTime()).filter((end) => end > start && end <= at.getTime());
  return new Date(Math.max(start, ...before));
}

/**
 * True when a meter that was read like this would have counted backwards, before or after another of its readings.
 * @param readings of the same allowance
 */
export function goesBack(
  readings: readonly MeterReading[],
  { source, month, measuredAt, total }: Pick<MeterReading, 'source' | 'month' | 'measuredAt' | 'total'>,
): boolean {
  return readings.some((known) => {
    if (known.source !== source || known.month !== month) return false;
    const later = measuredAt.getTime() - known.measuredAt.getTime();
    return (later >= 0 && total < known.total) || (later <= 0 && total > known.total);
  });
}

function inTime(one: MeterReading, other: MeterReading): number {
  return compareDates(one.month, other.month) || one.from.getTime() - other.from.getTime();
}
