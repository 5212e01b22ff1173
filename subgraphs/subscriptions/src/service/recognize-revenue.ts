import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { revenueRecognized } from '../domain/ledger/revenue-recognized.js';
import { firstOpenDay } from '../domain/receivables/accounting-period.js';
import type { ReceivablesWork } from './receivables-ports.js';

/** Which revenue to post. */
export interface Recognition {
  readonly legalEntityCode: string;
  /** The last day to post: the day before today, as a rule, so that the day is over. */
  readonly through: LocalDate;
  readonly at: Date;
}

/**
 * Posts what one legal entity earned on each day that was not posted yet, one entry for each day and currency. Doing it again
 * posts nothing. The number of statements does not grow with the lines that earn. Days of a closed month are booked on the first
 * open day.
 * @returns how many days were posted, of all currencies
 */
export async function recognizeRevenue(
  work: Pick<ReceivablesWork, 'ledger'>,
  { legalEntityCode, through, at }: Recognition,
): Promise<number> {
  const { closedThrough } = await work.ledger.openAlone(legalEntityCode);
  const days = await work.ledger.earnedDays(legalEntityCode, through);
  const entries = days.map((day) => revenueRecognized(day, firstOpenDay(day.day, closedThrough), at));
  await work.ledger.record(
    entries.filter((entry) => entry !== null),
    [],
  );
  await work.ledger.recordEarnedDays(days);
  return days.length;
}
