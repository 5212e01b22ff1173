import { compareDates, localDateAt, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { License } from './license.js';

/** The license of a subscription at an instant, and the one that follows it, as far as it was issued. */
export interface PresentLicenses {
  /** It may have ended: then the subscription did, and what is left of it are days of grace. */
  readonly present: License | null;
  /** It begins later: whoever has it as well is without a license at no moment. */
  readonly next: License | null;
}

/**
 * Which of a subscription's licenses is the present one at `at` (days of UTC, acceptance case A8): of the newest version, that
 * of the present year. While the newest version has not begun, which is so for some hours around a renewal, it is still the
 * license of the version before.
 */
export function presentLicenses(licenses: readonly License[], at: Date): PresentLicenses {
  const today = localDateAt(at, 'UTC');
  const newest = Math.max(...licenses.map(({ subscriptionVersion }) => subscriptionVersion));
  const [present] = licenses
    .filter(({ startsOn }) => compareDates(startsOn, today) <= 0)
    .toSorted(newestFirst);
  const next = licenses
    .filter((license) => license.subscriptionVersion === newest && isLater(license, today))
    .toSorted(newestFirst)
    .at(-1);
  return { present: present ?? null, next: next ?? null };
}

function newestFirst(left: License, right: License): number {
  return right.subscriptionVersion - left.subscriptionVersion || compareDates(right.startsOn, left.startsOn);
}

/** Begins after today and holds for a day at least: what was canceled before it began never does. */
function isLater({ startsOn, endsOn }: License, today: LocalDate): boolean {
  return compareDates(startsOn, today) > 0 && compareDates(startsOn, endsOn) < 0;
}
