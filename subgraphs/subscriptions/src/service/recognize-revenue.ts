import { addDays, type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { booksCodeOf } from '../domain/ledger/books-code.js';
import { revenueRecognized } from '../domain/ledger/revenue-recognized.js';
import { firstOpenDay } from '../domain/receivables/accounting-period.js';
import type { ReceivablesUnitOfWork } from './receivables-ports.js';

/** Which revenue to post. */
export interface Recognition {
  readonly legalEntityCode: string;
  /** Of sandboxes: the account whose revenue it is, as each has a clock of its own. */
  readonly accountId?: string;
  /** The last day to post: the day before today, as a rule, so that the day is over. */
  readonly through: LocalDate;
  readonly at: Date;
}

/**
 * Posts what a legal entity earned on each day that was not posted yet, one entry for each day and currency. Doing it again posts
 * nothing. The number of statements does not grow with the lines that earn. Days of a closed month are booked on the first open
 * day. Like all that takes books, call it before anything that locks accounts.
 * @returns how many days were posted, of all currencies
 */
export async function recognizeRevenue(
  work: Pick<ReceivablesUnitOfWork, 'ledger'>,
  { legalEntityCode, accountId, through, at }: Recognition,
): Promise<number> {
  const booksCode =
    accountId === undefined
      ? legalEntityCode
      : booksCodeOf({ legalEntityCode, invoiceOwnerAccountId: accountId });
  await work.ledger.openAlone(booksCode);
  const { closedThrough } = (await work.ledger.open([legalEntityCode]))(legalEntityCode);
  const days = await work.ledger.earnedDays(booksCode, through);
  const entries = days.map((earned) =>
    revenueRecognized(earned, legalEntityCode, firstOpenDay(earned.day, closedThrough), at),
  );
  await work.ledger.record(
    entries.filter((entry) => entry !== null),
    [],
  );
  await work.ledger.recordEarnedDays(days);
  return days.length;
}

/** Where a day ends last. */
const lastTimeZone = 'Etc/GMT+12';

/** As `recognizeRevenue`, up to the last day that is over everywhere on Earth, so that nothing more is ever earned on it. */
export function recognizeDueRevenue(
  work: Pick<ReceivablesUnitOfWork, 'ledger'>,
  legalEntityCode: string,
  at: Date,
): Promise<number> {
  const through = addDays(localDateAt(at, lastTimeZone), -1);
  return recognizeRevenue(work, { legalEntityCode, through, at });
}
