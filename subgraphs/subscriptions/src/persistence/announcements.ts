import { derivedId, fulfillmentStepId } from '@fulfillment/kernel/domain/ids';
import type { EventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import { grantId } from '@fulfillment/kernel/server/visibility/grants';
import type { Announcements } from '../service/ports.js';

/** Puts what happened into the outbox, each event about its aggregate. */
export function createAnnouncements(events: EventAppender): Announcements {
  return {
    subscriptionChanged: (version, payload, at) =>
      events.append('subscriptions.billing-subscription', {
        aggregateId: payload.id,
        version,
        occurredAt: at,
        payload,
      }),
    // A subscription's partners are named once, when it is created: each grant has its first and only version.
    grantGiven: (payload, at) =>
      events.append('subscriptions.grant', {
        aggregateId: grantId(payload),
        version: 1,
        occurredAt: at,
        payload,
      }),
    stepTaken: (payload, at) =>
      events.append('subscriptions.fulfillment-step', {
        aggregateId: fulfillmentStepId(payload),
        version: 1,
        occurredAt: at,
        payload,
      }),
    partnerInvoicePosted: (payload, at) =>
      events.append('subscriptions.partner-invoice-posted', {
        aggregateId: payload.partnerId,
        occurredAt: at,
        payload,
      }),
    dueWork: (due, at) => {
      const event = {
        // What is due of the same thing has one lane.
        aggregateId: derivedId('due-work', due.kind, due.id),
        version: 'NEXT',
        occurredAt: at,
      } as const;
      return due.kind === 'PAYMENT' || due.kind === 'REFUND'
        ? events.append('subscriptions.pending-payment', { ...event, payload: due })
        : events.append('subscriptions.due-work', { ...event, payload: due });
    },
    testClockMoved: (payload, version) =>
      events.append('subscriptions.test-clock', {
        aggregateId: payload.accountId,
        version,
        occurredAt: new Date(payload.now),
        payload,
      }),
  };
}
