import { derivedId, fulfillmentStepId } from '@fulfillment/kernel/domain/ids';
import { assertNever } from '@fulfillment/kernel/domain/result';
import type { EventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import type { DueWorkPayload } from '@fulfillment/schema/events/licenses';
import type { EntityManager } from 'typeorm';
import type { Announcements } from '../service/ports.js';
import { fulfillmentStepEntity } from './entities.js';
import { grantVersion, toGrantPayload } from './entitlement-mapping.js';
import { seatUsagePayloadOf } from './seat-mapping.js';

/** What is due of the same thing has one lane. */
function dueWorkId(work: DueWorkPayload): string {
  switch (work.kind) {
    case 'LICENSE_YEAR':
      return derivedId('due-work', work.kind, work.licenseId);
    case 'GRACE_END':
      return derivedId('due-work', work.kind, work.subscriptionId);
    case 'SEATS':
      return derivedId('due-work', work.kind, work.deploymentId);
    default:
      return assertNever(work);
  }
}

/** Announces through the outbox. */
export function createAnnouncements(manager: EntityManager, events: EventAppender): Announcements {
  return {
    async deployment({ id, version, kind, externalId, name, accountId }, at) {
      await events.append('licenses.deployment', {
        aggregateId: id,
        version,
        occurredAt: at,
        payload: { id, kind, externalId, name, accountId },
      });
    },

    async addOnSeats({ deploymentId, accountId, productCode, assigned }, version, at) {
      await events.append('licenses.add-on-seats', {
        aggregateId: derivedId('add-on-pool', deploymentId, productCode),
        version,
        occurredAt: at,
        payload: { deploymentId, accountId, productCode, assigned },
      });
    },

    async seatUsage(deployment, use, version, at) {
      await events.append('licenses.seat-usage', {
        aggregateId: deployment.id,
        version,
        occurredAt: at,
        payload: seatUsagePayloadOf(deployment, use),
      });
    },

    async license(license) {
      const { nextIssueOn: _, replacedById: __, issuedAt, accountId, ...facts } = license;
      await events.append('licenses.license', {
        aggregateId: license.id,
        version: 1,
        occurredAt: issuedAt,
        payload: { ...facts, accountId, issuedAt: issuedAt.toISOString(), recipientAccountId: accountId },
      });
    },

    async noticeToSend(payload, at) {
      await events.append('licenses.usage-notice', {
        aggregateId: payload.noticeId,
        version: 'NEXT',
        occurredAt: at,
        payload,
      });
    },

    async licenseToSend(payload, at) {
      await events.append('licenses.license-delivery', {
        aggregateId: payload.licenseId,
        version: 'NEXT',
        occurredAt: at,
        payload,
      });
    },

    async dueWork(payload, at) {
      await events.append('licenses.due-work', {
        aggregateId: dueWorkId(payload),
        version: 'NEXT',
        occurredAt: at,
        payload,
      });
    },

    async fulfillmentStep(step) {
      const id = fulfillmentStepId(step);
      const at = new Date(step.at);
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(fulfillmentStepEntity)
        .values({ ...step, id, at })
        .orIgnore()
        .returning('id')
        .execute();
      if ((inserted.raw as unknown[]).length === 0) return;
      await events.append('licenses.fulfillment-step', {
        aggregateId: id,
        version: 1,
        occurredAt: at,
        payload: step,
      });
    },

    async featureUse(accountId, { deploymentId, featureKey, used, observedAt, version }, at) {
      await events.append('licenses.feature-use', {
        aggregateId: derivedId('feature-use', deploymentId, featureKey),
        version,
        occurredAt: at,
        payload: { deploymentId, accountId, featureKey, used, observedAt: observedAt.toISOString() },
      });
    },

    async allowance(payload, at) {
      await events.append('licenses.allowance', {
        aggregateId: derivedId('allowance', payload.deploymentId, payload.featureKey),
        version: 'NEXT',
        occurredAt: at,
        payload,
      });
    },

    async allowanceThreshold(payload, at) {
      const { deploymentId, featureKey, month, percent } = payload;
      await events.append('licenses.allowance-threshold', {
        aggregateId: derivedId('allowance-threshold', deploymentId, featureKey, month, percent),
        version: 1,
        occurredAt: at,
        payload,
      });
    },

    async entitlementGrant(grant, at) {
      await events.append('licenses.entitlement-grant', {
        aggregateId: grant.id,
        version: grantVersion(grant),
        occurredAt: at,
        payload: toGrantPayload(grant),
      });
    },

    async graceEnded(payload, at) {
      await events.append('licenses.grace-ended', {
        aggregateId: payload.subscriptionId,
        version: 'NEXT',
        occurredAt: at,
        payload,
      });
    },
  };
}
