import { compareDates } from '@fulfillment/kernel/domain/calendar';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import { daysWithin, peakOf, type CountedDay, type SeatPeak, type SeatRecord } from './seat-record.js';
import { dayOf, type CountedUsers, type SeatSample } from './seat-sample.js';

/*
 * Nearly every sample is the next of its instance: taken after all that were recorded. What it makes of a record is known without
 * asking for anything else, so that it need not be written before the record is read.
 */

/** What is kept of all samples of a deployment. */
export type SamplesKept = Pick<SeatRecord, 'newest' | 'maxima'>;

/**
 * True for a sample that was taken after all that are known of its instance, and tells of no maximum but one that was told before.
 * Of an instance of which nothing is known something may be known elsewhere: when it was ended, or heard of. Of a deployment as a
 * whole there is nothing else.
 */
export function isNext(
  { instanceId, takenAt, maximum }: SeatSample,
  { newest, maxima }: SamplesKept,
): boolean {
  const last = newest.find((one) => one.instanceId === instanceId);
  const isLater = last === undefined ? instanceId === null : last.takenAt < takenAt;
  const isTold =
    maximum === null ||
    maxima.some(
      ({ since, users, toldOn }) =>
        since === maximum.since && users === maximum.users && compareDates(toldOn, dayOf(takenAt)) <= 0,
    );
  return isLater && isTold;
}

/** @param samples each of them `isNext`, and each instance and moment once (`mergeSamples`) */
export function withNext({ newest, maxima }: SamplesKept, samples: readonly CountedUsers[]): SamplesKept {
  const byInstance = new Map(newest.map((one) => [one.instanceId, one]));
  for (const sample of samples) {
    const { instanceId, takenAt } = sample;
    const last = byInstance.get(instanceId) ?? { endedAt: null, heardOf: null };
    if ('takenAt' in last && last.takenAt > takenAt) continue;
    byInstance.set(instanceId, { ...last, instanceId, takenAt, ...peakOf([sample]) });
  }
  return {
    newest: [...byInstance.values()],
    maxima: maxima.map((told) => ({ ...told, known: higher(told.known, peakBetween(samples, told)) })),
  };
}

function peakBetween(
  samples: readonly CountedUsers[],
  { since, toldOn }: SamplesKept['maxima'][number],
): SeatPeak {
  return peakOf(
    samples.filter(({ takenAt }) => {
      const day = dayOf(takenAt);
      return compareDates(since, day) <= 0 && compareDates(day, toldOn) <= 0;
    }),
  );
}

/** The highest counts of days, with those of samples. */
export function peakWith(known: SeatPeak | undefined, samples: readonly CountedUsers[]): SeatPeak {
  return higher(known ?? { members: 0, withGuests: 0 }, peakOf(samples));
}

/** The days of a term, with those of samples, in order. */
export function daysWith(
  known: readonly CountedDay[],
  term: LocalPeriod,
  samples: readonly CountedUsers[],
): readonly CountedDay[] {
  const added = daysWithin(samples, term);
  if (added.length === 0) return known;
  const days = new Map(known.map((day) => [day[0], day]));
  for (const [nth, members, withGuests] of added) {
    const before = days.get(nth);
    days.set(nth, [nth, Math.max(members, before?.[1] ?? 0), Math.max(withGuests, before?.[2] ?? 0)]);
  }
  return [...days.values()].toSorted(([left], [right]) => left - right);
}

function higher(left: SeatPeak, right: SeatPeak): SeatPeak {
  return {
    members: Math.max(left.members, right.members),
    withGuests: Math.max(left.withGuests, right.withGuests),
  };
}
