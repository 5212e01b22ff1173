import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentStory } from '@fulfillment/kernel/population/story';
import { utcStart } from '../domain/allowance/ledger.js';
import type { AllowanceReading, FeatureUse } from '../domain/usage.js';

/** What the stories count by the month, and not as so many in use. */
const meteredFeature = 'compute_minutes';

/** The use of features that have a limit. */
export function featureUsesOf({ featureUse, seats }: DeploymentStory): FeatureUse[] {
  return featureUse
    .filter(({ key }) => key !== meteredFeature)
    .map(({ key, used }) => ({ featureKey: key, used, observedAt: seats.reportedAt }));
}

/** The use of allowances, in the month of today. */
export function readingsOf({ featureUse, seats }: DeploymentStory, today: string): AllowanceReading[] {
  const month = localDate(`${today.slice(0, 7)}-01`);
  const from = utcStart(month);
  const measuredAt = seats.reportedAt < from ? from : seats.reportedAt;
  return featureUse
    .filter(({ key }) => key === meteredFeature)
    .map(({ key, used }) => ({
      featureKey: key,
      source: 'runners',
      month,
      from,
      measuredAt,
      total: used,
      quota: null,
    }));
}
