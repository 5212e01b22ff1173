import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { refusal, type Refusal } from '../../domain/refusal.js';
import { billableOfCounts, type SeatCount } from '../../domain/seats/billable-users.js';
import { dayOf, type SeatSample } from '../../domain/seats/seat-sample.js';

/** What an instance tells of its users at one moment. */
export interface InstanceSeats {
  /** Now when null. */
  readonly takenAt: Date | null;
  readonly counts: readonly SeatCount[];
  /** The most billable users since a day: since its license's term began when that is null. */
  readonly maximum: number | null;
  readonly maximumSince: LocalDate | null;
}

/** So many moments an instance tells of at once: a day each for more than a year. */
const mostSamples = 400;

/**
 * The samples that an instance tells of.
 * @param termStart the first day of its license's term; null on the free plan
 */
export function samplesOf(
  seats: readonly InstanceSeats[],
  instanceId: string,
  termStart: LocalDate | null,
  now: Date,
): Result<SeatSample[], Refusal> {
  if (seats.length > mostSamples) {
    return err(
      refusal('INVALID_VALUE', ['seats'], `\`seats\` must have ${mostSamples} entries at the most.`),
    );
  }
  const negative = seats.findIndex(({ counts }) => counts.some(({ count }) => count < 0));
  if (negative !== -1) {
    const field = ['seats', String(negative), 'counts'];
    return err(refusal('INVALID_VALUE', field, '`count` must not be negative.'));
  }
  return ok(
    seats.map((one) => {
      const takenAt = one.takenAt ?? now;
      const since = one.maximumSince ?? earlier(termStart ?? dayOf(takenAt), dayOf(takenAt));
      const maximum = one.maximum === null ? null : { users: one.maximum, since };
      return { instanceId, takenAt, ...billableOfCounts(one.counts), maximum };
    }),
  );
}

/** What was counted before the term is of the term before: then the maximum is of that day alone. */
function earlier(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) <= 0 ? left : right;
}
