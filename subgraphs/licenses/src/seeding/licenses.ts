import type { SubscriptionStory } from '@fulfillment/kernel/population/story';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { licenseFor, licenseId, type License } from '../domain/license.js';
import { projectSubscription } from '../service/projection.js';

/**
 * The license of every version that a subscription went through: one for each term, and one more when it was canceled.
 * @param newest the subscription's newest snapshot
 */
export function licensesOf(story: SubscriptionStory, newest: BillingSubscriptionPayload): License[] {
  const perTerm = story.terms.map((term, index) => ({
    recordedAt: term.recordedAt,
    payload: {
      ...newest,
      cause: index === 0 ? ('ORDER' as const) : ('AUTO_RENEWAL' as const),
      agreement: {
        ...newest.agreement,
        term: { startDate: term.startDate, endDate: term.endDate, months: term.months },
        canceledOn: null,
      },
    },
  }));
  const versions =
    story.canceledOn === null
      ? perTerm
      : [...perTerm, { recordedAt: new Date(`${story.canceledOn}T06:00:00Z`), payload: newest }];
  return versions.map(({ payload, recordedAt }, index) => {
    const version = index + 1;
    const snapshot = { version, recordedAt };
    const license = licenseFor(projectSubscription(payload, payload.deployment.id, snapshot), recordedAt);
    return {
      ...license,
      replacedById: version < versions.length ? licenseId(newest.id, version + 1) : null,
    };
  });
}
