import type { EventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import type { MoneyEvents } from '../service/receivables-ports.js';

/**
 * Puts what became of money into the outbox. Documents and payments count no versions of their own; whoever changes one holds its
 * account, so the order of their numbers is that of the transitions.
 */
export function createMoneyEvents(events: EventAppender): MoneyEvents {
  return {
    async invoices(payloads, occurredAt) {
      await Promise.all(
        payloads.map((payload) =>
          events.append('subscriptions.invoice', {
            aggregateId: payload.id,
            version: 'NEXT',
            occurredAt,
            payload,
          }),
        ),
      );
    },
    async creditMemos(payloads, occurredAt) {
      await Promise.all(
        payloads.map((payload) =>
          events.append('subscriptions.credit-memo', {
            aggregateId: payload.id,
            version: 'NEXT',
            occurredAt,
            payload,
          }),
        ),
      );
    },
    payment: (payload, occurredAt) =>
      events.append('subscriptions.payment', {
        aggregateId: payload.id,
        version: 'NEXT',
        occurredAt,
        payload,
      }),
    writeOff: (payload, occurredAt) =>
      events.append('subscriptions.write-off', {
        aggregateId: payload.id,
        version: versionOfRequest(payload),
        occurredAt,
        payload,
      }),
    adjustment: (payload, occurredAt) =>
      events.append('subscriptions.adjustment', {
        aggregateId: payload.id,
        version: versionOfRequest(payload),
        occurredAt,
        payload,
      }),
  };
}

/** A request is made once and approved once. */
function versionOfRequest({ status }: { readonly status: 'REQUESTED' | 'APPROVED' }): number {
  return status === 'REQUESTED' ? 1 : 2;
}
