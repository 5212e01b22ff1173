import { assertNever } from '@fulfillment/kernel/domain/result';
import type { OrderFacts } from '../facts.js';

/** A trial may be asked for with so many days. */
export const trialDaysRange = { minimum: 1, maximum: 90 };

/** How long a trial may last with all its extensions, from its first day; sales may extend it up to a year. */
export function longestTrialDays({ audience }: Pick<OrderFacts, 'audience'>): number {
  switch (audience) {
    case 'internal':
      return 365;
    case 'partner':
    case 'product':
      return trialDaysRange.maximum;
    default:
      return assertNever(audience);
  }
}
