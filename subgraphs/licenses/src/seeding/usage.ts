import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentStory } from '@fulfillment/kernel/population/story';
import type { FeatureUse } from '../domain/usage.js';

/** The use of counted features, in the month of today. */
export function featureUsesOf({ featureUse }: DeploymentStory, today: string): FeatureUse[] {
  const monthStart = localDate(`${today.slice(0, 7)}-01`);
  return featureUse.map(({ key, used }) => ({ featureKey: key, used, monthStart, packsUsedBefore: 0 }));
}
