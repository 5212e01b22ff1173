import { type Agreement, planOf } from './agreement.js';

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
