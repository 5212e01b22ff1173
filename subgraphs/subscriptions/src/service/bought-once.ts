import type { SubscriptionVersion } from '../domain/subscription.js';
import type { BoughtOnce } from './ports.js';

type Version = Pick<SubscriptionVersion, 'agreement' | 'effectiveOn'>;

/**
 * What was bought once, with a newer version: within a term its quantity only grows, and it is left out of the agreement of the
 * next one. An entry for each product and term, in the order in which they were bought.
 */
export function boughtOnceOf(
  { agreement, effectiveOn }: Version,
  earlier: readonly BoughtOnce[],
): BoughtOnce[] {
  const { startDate } = agreement.term;
  const bought = [...earlier];
  for (const { productCode, quantity, pricePeriod } of agreement.items) {
    if (pricePeriod !== 'ONE_TIME') continue;
    const place = bought.findIndex((one) => one.productCode === productCode && one.termStart === startDate);
    const known = bought[place];
    if (known === undefined) bought.push({ productCode, termStart: startDate, quantity, on: effectiveOn });
    else bought[place] = { ...known, quantity: Math.max(known.quantity, quantity) };
  }
  return bought;
}
