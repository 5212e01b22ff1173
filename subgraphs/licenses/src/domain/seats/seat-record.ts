import { addDays, compareDates, daysBetween, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { containsDate, type LocalPeriod } from '@fulfillment/kernel/domain/period';
import type { BillableUsers } from './billable-users.js';
import { dayOf, type CountedUsers, type HistoricalMaximum, type SeatSample } from './seat-sample.js';

/** The highest counts of one day (UTC) over all instances, without guests and with them. */
export interface SeatPeak {
  readonly members: number;
  readonly withGuests: number;
}

/** Which day of a term it is, from 0, and its highest counts without guests and with them. */
export type CountedDay = readonly [nth: number, members: number, withGuests: number];

/** The newest sample of one instance, or of the deployment as a whole. */
export interface NewestSample extends SeatPeak {
  /** Null for the deployment as a whole. */
  readonly instanceId: string | null;
  readonly takenAt: Date;
  /** When the instance was taken out of use; null while it is in use. A later sample takes it back into use. */
  readonly endedAt: Date | null;
  /**
   * When an activated instance was last heard of, whether it told of users or not; null for what is not activated: the deployment as a
   * whole, and an instance that reports by files.
   */
  readonly heardOf: Date | null;
}

/** A maximum that instances tell of, and what was known of the same days. */
export interface ToldMaximum extends HistoricalMaximum {
  /** The day on which it was first told of. */
  readonly toldOn: LocalDate;
  /** The highest counts of the days from `since` through `toldOn`. */
  readonly known: SeatPeak;
}

/** All that is known of a deployment's seats, as far as one term needs it. */
export interface SeatRecord {
  readonly newest: readonly NewestSample[];
  /** The days of the term of which anything was reported, in order; none without a term. */
  readonly days: readonly CountedDay[];
  /** The highest counts of all days there ever were; null with a term, of which the days alone are asked. */
  readonly highest: SeatPeak | null;
  readonly maxima: readonly ToldMaximum[];
}

/** The record that samples make, whatever their order and however often each comes: the stores say the same in SQL. */
export function recordOf(samples: readonly SeatSample[], term: LocalPeriod | null): SeatRecord {
  const counted = mergeSamples(samples);
  const peakWithin = (period: LocalPeriod) =>
    peakOf(counted.filter(({ takenAt }) => containsDate(period, dayOf(takenAt))));
  return {
    newest: newestOf(counted),
    days: term === null ? [] : daysWithin(counted, term),
    highest: term === null ? peakOf(counted) : null,
    maxima: mergeMaxima(samples).map((maximum) => ({
      ...maximum,
      known: peakWithin({ start: maximum.since, end: addDays(maximum.toldOn, 1) }),
    })),
  };
}

/** One sample for each instance and moment, with the highest counts that any of them says. */
export function mergeSamples(samples: readonly CountedUsers[]): CountedUsers[] {
  const byKey = new Map<string, CountedUsers>();
  for (const { instanceId, takenAt, members, guests } of samples) {
    const key = JSON.stringify([instanceId, takenAt.getTime()]);
    const known = byKey.get(key) ?? { members: 0, guests: 0 };
    byKey.set(key, {
      instanceId,
      takenAt,
      members: Math.max(known.members, members),
      guests: Math.max(known.guests, guests),
    });
  }
  return [...byKey.values()];
}

/** The maxima that samples tell of: each number and beginning once, with the day on which it was first told of. */
export function mergeMaxima(samples: readonly SeatSample[]): Omit<ToldMaximum, 'known'>[] {
  const byKey = new Map<string, Omit<ToldMaximum, 'known'>>();
  for (const { maximum, takenAt } of samples) {
    if (maximum === null) continue;
    const key = JSON.stringify([maximum.since, maximum.users]);
    const known = byKey.get(key)?.toldOn;
    const toldOn = dayOf(takenAt);
    const first = known !== undefined && compareDates(known, toldOn) < 0 ? known : toldOn;
    byKey.set(key, { ...maximum, toldOn: first });
  }
  return [...byKey.values()];
}

function newestOf(samples: readonly CountedUsers[]): NewestSample[] {
  const byInstance = new Map<string | null, CountedUsers>();
  for (const sample of samples) {
    const known = byInstance.get(sample.instanceId);
    if (known === undefined || known.takenAt < sample.takenAt) byInstance.set(sample.instanceId, sample);
  }
  return [...byInstance.values()].map((sample) => ({
    instanceId: sample.instanceId,
    takenAt: sample.takenAt,
    ...peakOf([sample]),
    endedAt: null,
    heardOf: null,
  }));
}

/** The days of a period of which samples tell, in order. */
export function daysWithin(samples: readonly CountedUsers[], period: LocalPeriod): CountedDay[] {
  const within = samples.filter(({ takenAt }) => containsDate(period, dayOf(takenAt)));
  const days = [...new Set(within.map(({ takenAt }) => dayOf(takenAt)))].toSorted(compareDates);
  return days.map((day) => {
    const { members, withGuests } = peakOf(within.filter(({ takenAt }) => dayOf(takenAt) === day));
    return [daysBetween(period.start, day), members, withGuests];
  });
}

/** The highest counts of samples; 0 without any. */
export function peakOf(samples: readonly BillableUsers[]): SeatPeak {
  return {
    members: Math.max(0, ...samples.map(({ members }) => members)),
    withGuests: Math.max(0, ...samples.map(({ members, guests }) => members + guests)),
  };
}
