import { compareDates, localDateAt, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { planOf, type AgreedSubscription } from './agreed-subscription.js';
import { freePlanCode } from './product.js';
import { licenseYear, nextIssueOn } from './license-year.js';

export type LicenseCause =
  | 'SUBSCRIPTION_CREATED'
  | 'SUBSCRIPTION_CHANGED'
  | 'SUBSCRIPTION_RENEWED'
  | 'SUBSCRIPTION_SUSPENDED'
  | 'YEARLY_REISSUE';

/**
 * The proof of what one version of a subscription lets a deployment use for a year of its term. It never changes but for
 * `replacedById` and `nextIssueOn`.
 */
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
  /**
   * The day (00:00 UTC) from which the license of the year after is due. Null when there is none to come: the term ends with
   * this one, it was issued, or another version came.
   */
  readonly nextIssueOn: LocalDate | null;
}

/**
 * The license for one version of a subscription: the same version always makes the same license, but for the time. It is for
 * the year of the term that the day of issue (UTC) lies in; those of the years after follow, see `followingLicense`. Of a
 * suspended one it is for the free plan, from the day of the suspension on.
 */
export function licenseFor(subscription: AgreedSubscription, issuedAt: Date): License {
  const { suspension } = subscription;
  const plan = suspension === null ? planOf(subscription) : undefined;
  const year = licenseYear(subscription, later(localDateAt(issuedAt, 'UTC'), suspension?.startsOn));
  const startsOn = suspension?.startsOn ?? year.startsOn;
  // Canceled before it began: it was never valid.
  const endsOn = later(year.endsOn, startsOn);
  return {
    id: licenseId(subscription.id, subscription.version),
    subscriptionId: subscription.id,
    subscriptionVersion: subscription.version,
    deploymentId: subscription.deploymentId,
    accountId: subscription.accountId,
    planCode: plan?.productCode ?? freePlanCode,
    seats: plan?.quantity ?? 0,
    startsOn,
    endsOn,
    issuedAt,
    cause: licenseCause(subscription),
    replacedById: null,
    nextIssueOn: nextIssueOn(subscription, endsOn),
  };
}

/**
 * The license of the year after one of the same version: it begins on the day on which that one ends, so that no moment is
 * without a license. Null when the term ends there, or when the license is another version's.
 */
export function followingLicense(
  subscription: AgreedSubscription,
  license: License,
  issuedAt: Date,
): License | null {
  const { id, subscriptionVersion, endsOn: startsOn } = license;
  if (subscriptionVersion !== subscription.version || nextIssueOn(subscription, startsOn) === null)
    return null;
  const { endsOn } = licenseYear(subscription, startsOn);
  return {
    ...license,
    id: derivedId('license', id, startsOn),
    startsOn,
    endsOn,
    issuedAt,
    cause: 'YEARLY_REISSUE',
    replacedById: null,
    nextIssueOn: nextIssueOn(subscription, endsOn),
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

function later(left: LocalDate, right: LocalDate | undefined): LocalDate {
  return right !== undefined && compareDates(left, right) < 0 ? right : left;
}
