import { endOfDayAt } from '@fulfillment/kernel/domain/calendar';
import type { Freshness } from '@fulfillment/kernel/server/freshness';
import type { ShownSubscription } from '../domain/partner.js';

/** Tells of how long answers hold that show these. */
export interface TellFreshness {
  account(id: string): void;
  subscription(subscription: ShownSubscription): Promise<void>;
}

/**
 * How a subscription stands follows from the day that it is at its account.
 * @param now the present instant of an account
 */
export function createTellFreshness(
  freshness: Freshness,
  now: (accountId: string) => Promise<Date>,
): TellFreshness {
  return {
    account: (id) => freshness.dependsOn(`account:${id}`),
    async subscription({ id, head: { accountId, billingTimeZone, partnerOfRecordId } }) {
      const at = await now(accountId);
      freshness.dependsOn(`subscription:${id}`, `account:${accountId}`);
      if (partnerOfRecordId !== null) freshness.dependsOn(`partner:${partnerOfRecordId}`);
      freshness.holdsUntil(endOfDayAt(at, billingTimeZone), at);
    },
  };
}
