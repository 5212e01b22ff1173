import type { EventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import { grantId, putGrant } from '@fulfillment/kernel/server/visibility/grants';
import type { EntityManager } from 'typeorm';
import { grantPayload } from '../service/event-payloads.js';
import type { GrantStore } from '../service/unit-of-work.js';

export function createGrantStore(manager: EntityManager, events: EventAppender): GrantStore {
  return {
    async give(grants, occurredAt) {
      for (const grant of grants) {
        const payload = grantPayload(grant);
        await putGrant(manager, payload);
        await events.append('partners.grant', {
          aggregateId: grantId(payload),
          version: grant.version,
          occurredAt,
          payload,
        });
      }
    },
    receive: (grant) => putGrant(manager, grant),
  };
}
