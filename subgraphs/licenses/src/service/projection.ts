import { compareDates, localDate } from '@fulfillment/kernel/domain/calendar';
import type { ProductPayload } from '@fulfillment/schema/events/orders';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { holdsFrom, type AgreedSubscription } from '../domain/agreed-subscription.js';
import type { Product } from '../domain/product.js';

/** The version of a snapshot and when it was made. */
export interface SnapshotVersion {
  readonly version: number;
  readonly recordedAt: Date;
}

/** What licenses keeps of a subscription's snapshot. */
export function projectSubscription(
  payload: BillingSubscriptionPayload,
  deploymentId: string,
  { version, recordedAt }: SnapshotVersion,
): AgreedSubscription {
  const startsOn = localDate(payload.term.startDate);
  const termEnd = localDate(payload.term.endDate);
  const canceledOn = payload.canceledOn === null ? termEnd : localDate(payload.canceledOn);
  return {
    id: payload.id,
    version,
    accountId: payload.accountId,
    deploymentId,
    cause: payload.cause,
    trial: payload.trial,
    startsOn,
    endsOn: compareDates(canceledOn, termEnd) < 0 ? canceledOn : termEnd,
    holdsFrom: holdsFrom(startsOn, payload.billingTimeZone, payload.cause, recordedAt),
    items: payload.items.map(({ productCode, productKind, quantity, pricePeriod }) => ({
      productCode,
      productKind,
      quantity,
      pricePeriod,
    })),
  };
}

/** What licenses keeps of a product's snapshot. */
export function projectProduct(
  payload: ProductPayload,
  { version }: Pick<SnapshotVersion, 'version'>,
): Product {
  return { code: payload.code, version, name: payload.name, features: payload.features };
}
