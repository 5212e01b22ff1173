import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { contactRoles } from '../domain/account/contact.js';
import type { LeadCustomer } from '../domain/lead/facts.js';
import { openStatuses } from '../domain/lead/lifecycle.js';
import type { KnownTrial } from '../service/known.js';
import type { LeadContact, LeadStore, StoredLeadPolicy } from '../service/leads/ports.js';
import { leadDeliveryEntity, leadEntity, leadEventEntity, leadPolicyEntity } from './lead-entities.js';
import {
  leadEventToRow,
  leadFromRow,
  leadPolicyFromRow,
  type LeadPolicyRecord,
  leadPolicyToRow,
  type LeadRecord,
  leadToRow,
} from './lead-rows.js';
import { deploymentVisible } from './visibility.js';

/** Any constant: it names the lock under which the policy of leads is set. */
const leadPolicyLock = 7_263_554;

export function createLeadStore(manager: EntityManager): LeadStore {
  return {
    policy: () => selectLeadPolicy(manager),

    async lockPolicy() {
      await query(manager, sql`SELECT pg_advisory_xact_lock(${leadPolicyLock})`);
    },

    async addPolicy(policy) {
      await manager.insert(leadPolicyEntity, leadPolicyToRow(policy));
    },

    async lock(id) {
      const [row] = await query<LeadRecord>(
        manager,
        sql`SELECT l.* FROM lead AS l WHERE l.id = ${id} FOR UPDATE`,
      );
      return row ? leadFromRow(row) : null;
    },

    async lockNewest(deploymentId, email) {
      const [row] = await query<LeadRecord>(
        manager,
        sql`SELECT l.* FROM lead AS l WHERE l.deployment_id = ${deploymentId} AND l.email = ${email}
            ORDER BY l.number DESC LIMIT 1 FOR UPDATE`,
      );
      return row ? leadFromRow(row) : null;
    },

    async lockOpen({ accountId, deploymentIds, subscriptionIds }, createdUntil) {
      const rows = await query<LeadRecord>(
        manager,
        sql`SELECT l.* FROM lead AS l
            WHERE l.account_id = ${accountId} AND l.status = ANY(${[...openStatuses]}::text[])
              AND l.created_at <= ${createdUntil}
              AND (l.deployment_id = ANY(${[...deploymentIds]}::uuid[]) OR l.deployment_id IN (
                SELECT s.deployment_id FROM known_subscription AS s
                WHERE s.id = ANY(${[...subscriptionIds]}::uuid[])))
            ORDER BY l.id FOR UPDATE`,
      );
      return rows.map(leadFromRow);
    },

    async isOnTrial(subscriptionId) {
      const rows = await query(
        manager,
        sql`SELECT FROM known_subscription AS s
            WHERE s.id = ${subscriptionId} AND (s.agreement->>'trial')::boolean`,
      );
      return rows.length > 0;
    },

    trialsOf: (accountId) =>
      query<KnownTrial>(
        manager,
        sql`SELECT s.id, s.account_id AS "accountId", s.deployment_id AS "deploymentId", s.agreement
            FROM known_subscription AS s
            WHERE s.account_id = ${accountId} AND (s.agreement->>'trial')::boolean ORDER BY s.effective_on, s.id`,
      ),

    async save(lead, events) {
      await manager.upsert(leadEntity, leadToRow(lead), ['id']);
      await manager.insert(
        leadEventEntity,
        events.map((event) => leadEventToRow(lead.id, event)),
      );
    },

    async hasEvent(id) {
      const rows = await query(manager, sql`SELECT FROM lead_event WHERE id = ${id}`);
      return rows.length > 0;
    },

    async customer(asking, deploymentId) {
      const visible = asking === null ? sql`TRUE` : deploymentVisible(asking.viewer, asking.at);
      const [row] = await query<CustomerRecord>(manager, customerStatement(deploymentId, visible));
      return row ? customerFromRow(row, deploymentId) : null;
    },

    async contact(accountId) {
      const [row] = await query<LeadContact>(
        manager,
        sql`SELECT c.name, c.email FROM contact AS c WHERE c.account_id = ${accountId} AND c.until IS NULL
            ORDER BY array_position(${contactRoles}::text[], c.role), c.name, c.id LIMIT 1`,
      );
      return row ?? null;
    },

    async lastDelivered(leadId) {
      const [row] = await query<{ version: number | null }>(
        manager,
        sql`SELECT max(d.version) AS version FROM lead_delivery AS d WHERE d.lead_id = ${leadId}`,
      );
      return row?.version ?? 0;
    },

    async addDelivery(leadId, delivery) {
      await manager.upsert(leadDeliveryEntity, { leadId, ...delivery }, ['leadId', 'version']);
    },
  };
}

/** The policy that holds; null before the first start. */
export async function selectLeadPolicy(manager: EntityManager): Promise<StoredLeadPolicy | null> {
  const [row] = await query<LeadPolicyRecord>(
    manager,
    sql`SELECT p.* FROM lead_policy AS p ORDER BY p.version DESC LIMIT 1`,
  );
  return row ? leadPolicyFromRow(row) : null;
}

interface CustomerRecord {
  account_id: string;
  account_name: string;
  sandbox: boolean;
  country_code: string;
  segment: LeadCustomer['segment'];
  partner_id: string | null;
  wants_feature: boolean;
}

/** A deployment may be known by its subscription alone, while licenses has not told of it: then nobody but we may see it. */
function customerStatement(deploymentId: string, visible: Sql): Sql {
  return sql`
    SELECT a.id AS account_id, a.name AS account_name, a.sandbox, a.country_code, a.segment, s.partner_id,
           EXISTS (SELECT FROM feature_interest AS i WHERE i.deployment_id = named.id) AS wants_feature
    FROM (SELECT ${deploymentId}::uuid AS id) AS named
    LEFT JOIN known_deployment AS d ON d.id = named.id
    LEFT JOIN LATERAL (
      SELECT s.account_id, s.partner_of_record_id AS partner_id FROM known_subscription AS s
      WHERE s.deployment_id = named.id ORDER BY s.effective_on DESC, s.id LIMIT 1
    ) AS s ON TRUE
    JOIN account AS a ON a.id = coalesce(d.account_id, s.account_id)
    WHERE ${visible}`;
}

function customerFromRow(row: CustomerRecord, deploymentId: string): LeadCustomer {
  return {
    accountId: row.account_id,
    accountName: row.account_name,
    sandbox: row.sandbox,
    countryCode: row.country_code,
    segment: row.segment,
    deploymentId,
    partnerId: row.partner_id,
    wantsFeature: row.wants_feature,
  };
}
