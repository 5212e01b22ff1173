import { endOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { localDate, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { ProductPayload } from '@fulfillment/schema/events/orders';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { holdsFrom, suspensionFrom, type AgreedSubscription } from '../domain/agreed-subscription.js';
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
  const { id, accountId, cause, billingTimeZone, agreement } = payload;
  const startsOn = localDate(agreement.term.startDate);
  const suspendedOn = dayOrNull(agreement.suspendedOn);
  return {
    id,
    version,
    accountId,
    deploymentId,
    cause,
    trial: agreement.trial,
    startsOn,
    endsOn: endOf({
      term: { ...agreement.term, startDate: startsOn, endDate: localDate(agreement.term.endDate) },
      canceledOn: dayOrNull(agreement.canceledOn),
    }),
    holdsFrom: holdsFrom(startsOn, billingTimeZone, cause, recordedAt),
    heldSince: dayOrNull(payload.heldSince ?? null),
    suspension: suspendedOn === null ? null : suspensionFrom(suspendedOn, billingTimeZone),
    items: agreement.items.map(({ productCode, productKind, quantity, pricePeriod }) => ({
      productCode,
      productKind,
      quantity,
      pricePeriod,
    })),
    boughtOnce: boughtOnceOf(payload).map(({ productCode, quantity, on }) => ({
      productCode,
      quantity,
      from: holdsFrom(localDate(on), billingTimeZone, 'ORDER', recordedAt),
    })),
    recordedAt,
  };
}

/** An old snapshot does not tell what was bought once in earlier terms: what it names is all that is known. */
function boughtOnceOf({
  boughtOnce,
  agreement,
}: BillingSubscriptionPayload): NonNullable<BillingSubscriptionPayload['boughtOnce']> {
  if (boughtOnce !== undefined) return boughtOnce;
  return agreement.items
    .filter(({ pricePeriod }) => pricePeriod === 'ONE_TIME')
    .map(({ productCode, quantity }) => ({ productCode, quantity, on: agreement.term.startDate }));
}

function dayOrNull(day: string | null): LocalDate | null {
  return day === null ? null : localDate(day);
}

/** What licenses keeps of a product's snapshot. */
export function projectProduct(payload: ProductPayload, { version, recordedAt }: SnapshotVersion): Product {
  return { code: payload.code, version, name: payload.name, features: payload.features, recordedAt };
}
