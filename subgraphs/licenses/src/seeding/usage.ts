import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentStory } from '@fulfillment/kernel/population/story';
import type { FeatureUse, SeatReport } from '../domain/usage.js';

/** The seats as last reported; the maximum belongs to the current term, or to the deployment's whole life when free. */
export function seatReportOf({ seats, subscription, registeredAt }: DeploymentStory): SeatReport {
  const firstDay = registeredAt.toISOString().slice(0, 10);
  const maximumSince = subscription?.terms.at(-1)?.startDate ?? localDate(firstDay);
  return { used: seats.used, maximum: seats.maximum, maximumSince, reportedAt: seats.reportedAt };
}

/** The use of counted features, in the month of today. */
export function featureUsesOf({ featureUse }: DeploymentStory, today: string): FeatureUse[] {
  const monthStart = localDate(`${today.slice(0, 7)}-01`);
  return featureUse.map(({ key, used }) => ({ featureKey: key, used, monthStart, packsUsedBefore: 0 }));
}
