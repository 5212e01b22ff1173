import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { planOf, type AgreedSubscription } from './agreed-subscription.js';
import { freePlanCode } from './entitlements/compute.js';

export type LicenseCause =
  'SUBSCRIPTION_CREATED' | 'SUBSCRIPTION_CHANGED' | 'SUBSCRIPTION_RENEWED' | 'SUBSCRIPTION_SUSPENDED';

/** The proof of what one version of a subscription lets a deployment use. It never changes but for `replacedById`. */
export interface License {
  readonly id: string;
  readonly subscriptionId: string;
  readonly subscriptionVersion: number;
  readonly deploymentId: string;
  readonly accountId: string;
  readonly planCode: string;
  readonly seats: number;
  /** The first day on which it is valid (00:00 UTC). */
  readonly startsOn: LocalDate;
  /** The first day on which it is no longer valid (00:00 UTC). */
  readonly endsOn: LocalDate;
  readonly issuedAt: Date;
  readonly cause: LicenseCause;
  /** The license of a later version of the same subscription. */
  readonly replacedById: string | null;
}

/**
 * The license for one version of a subscription: the same version always makes the same license, but for the time. Of a
 * suspended one it is for the free plan, from the day of the suspension on.
 */
export function licenseFor(subscription: AgreedSubscription, issuedAt: Date): License {
  const { suspension, endsOn } = subscription;
  const plan = suspension === null ? planOf(subscription) : undefined;
  const startsOn = suspension?.startsOn ?? subscription.startsOn;
  return {
    id: licenseId(subscription.id, subscription.version),
    subscriptionId: subscription.id,
    subscriptionVersion: subscription.version,
    deploymentId: subscription.deploymentId,
    accountId: subscription.accountId,
    planCode: plan?.productCode ?? freePlanCode,
    seats: plan?.quantity ?? 0,
    startsOn,
    // Canceled before it began: it was never valid.
    endsOn: compareDates(endsOn, startsOn) < 0 ? startsOn : endsOn,
    issuedAt,
    cause: licenseCause(subscription),
    replacedById: null,
  };
}

export function licenseId(subscriptionId: string, version: number): string {
  return derivedId('license', subscriptionId, version);
}

function licenseCause({ version, cause, suspension }: AgreedSubscription): LicenseCause {
  if (suspension !== null) return 'SUBSCRIPTION_SUSPENDED';
  if (version === 1) return 'SUBSCRIPTION_CREATED';
  return cause === 'AUTO_RENEWAL' ? 'SUBSCRIPTION_RENEWED' : 'SUBSCRIPTION_CHANGED';
}
