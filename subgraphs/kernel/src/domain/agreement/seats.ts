import { type Agreement, endOf, planOf } from './agreement.js';
import { type AgreementLine, periodLines } from './lines.js';

/**
 * The agreement with another number of seats from now on, because so many were used: neither notice nor what the contract lets the
 * customer change stands in its way, and what is planned for the next term stays planned, fewer seats among others.
 */
export function withSeats(agreement: Agreement, seats: number): Agreement {
  const plan = planOf(agreement.items);
  return {
    ...agreement,
    items: agreement.items.map((item) => (item === plan ? { ...item, quantity: seats } : item)),
  };
}

/**
 * What seats cost that were used beyond those that were bought, for the whole term as if they had been bought on its first day:
 * the price of the plan with its discount, in the lines that the term's bills would have had.
 */
export function wholeTermLines(agreement: Agreement, seats: number): AgreementLine[] {
  if (seats <= 0 || agreement.trial) return [];
  const plan = planOf(agreement.items);
  return periodLines(
    { ...agreement, items: [{ ...plan, quantity: seats }] },
    { start: agreement.term.startDate, end: endOf(agreement) },
  );
}
