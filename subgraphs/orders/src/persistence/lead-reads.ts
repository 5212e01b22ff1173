import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { type Connection, selectConnection, type SortOrder } from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { query } from '@fulfillment/kernel/server/sql';
import { allOf } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { LeadConditions, ReadLead } from '../service/leads/ports.js';
import { readLeadFromRow, type ReadLeadRecord } from './lead-rows.js';
import { selectLeadPolicy } from './lead-store.js';
import { internalOnly } from './visibility.js';

const sorts = {
  SCORE_DESC: { name: 'SCORE_DESC', column: 'score', type: 'integer', descending: true },
  CREATED_AT_DESC: { name: 'CREATED_AT_DESC', column: 'created_at', type: 'timestamptz', descending: true },
  UPDATED_AT_DESC: { name: 'UPDATED_AT_DESC', column: 'updated_at', type: 'timestamptz', descending: true },
} as const satisfies Record<string, SortOrder>;

/** What a request reads of leads: they are our own people's alone. */
export function createLeadReads(manager: EntityManager, viewer: Viewer) {
  const visible = internalOnly(viewer);
  return {
    async lead(id: string): Promise<ReadLead | null> {
      const [row] = await query<ReadLeadRecord>(
        manager,
        sql`SELECT l.*, ${leadDetails('l')} FROM lead AS l WHERE l.id = ${id} AND ${visible}`,
      );
      return row ? readLeadFromRow(row) : null;
    },

    leadList(
      page: PageArguments,
      sort: keyof typeof sorts,
      conditions: LeadConditions,
    ): Promise<Connection<ReadLead>> {
      return selectConnection<ReadLeadRecord, ReadLead>(manager, {
        select: sql`SELECT l.*, '' AS parent FROM lead AS l WHERE ${allOf([visible, ...toSql(conditions)])}`,
        details: leadDetails('page'),
        sort: sorts[sort],
        page: parsePage(page, sort),
        fromRow: readLeadFromRow,
      });
    },

    leadPolicy: () => (viewer.audience === 'internal' ? selectLeadPolicy(manager) : Promise.resolve(null)),
  };
}

/**
 * The newest of what happened to a lead and of what was delivered as columns, so that a lead is one row of one statement.
 * @param lead the alias of the row with the lead's id, from our own code
 */
function leadDetails(lead: 'l' | 'page'): Sql {
  return raw(`
    (SELECT coalesce(json_agg(json_build_object(
       'id', event.id, 'version', event.version, 'kind', event.kind, 'at', event.at, 'by', event.by,
       'message', event.message, 'seats', event.seats, 'planCode', event.plan_code, 'status', event.status,
       'owner', event.owner, 'orderId', event.order_id) ORDER BY event.version DESC, event.kind), '[]')
     FROM (SELECT e.* FROM lead_event AS e WHERE e.lead_id = ${lead}.id ORDER BY e.version DESC LIMIT 100) AS event
    ) AS history,
    (SELECT coalesce(json_agg(json_build_object(
       'version', taken.version, 'receiver', taken.receiver, 'at', taken.at) ORDER BY taken.version DESC), '[]')
     FROM (SELECT d.* FROM lead_delivery AS d WHERE d.lead_id = ${lead}.id ORDER BY d.version DESC LIMIT 100) AS taken
    ) AS deliveries`);
}

function toSql(conditions: LeadConditions): Sql[] {
  const { status, owner, region, segment, accountId, deploymentId, email, minimumScore } = conditions;
  const { createdFrom, createdBefore } = conditions;
  return [
    ...(status == null ? [] : [sql`l.status = ${status}`]),
    ...(owner == null ? [] : [sql`l.owner = ${owner}`]),
    ...(region == null ? [] : [sql`l.region = ${region}`]),
    ...(segment == null ? [] : [sql`l.segment = ${segment}`]),
    ...(accountId == null ? [] : [sql`l.account_id = ${accountId}`]),
    ...(deploymentId == null ? [] : [sql`l.deployment_id = ${deploymentId}`]),
    ...(email == null ? [] : [sql`l.email = ${email}`]),
    ...(minimumScore == null ? [] : [sql`l.score >= ${minimumScore}`]),
    ...(createdFrom == null ? [] : [sql`l.created_at >= ${createdFrom}`]),
    ...(createdBefore == null ? [] : [sql`l.created_at < ${createdBefore}`]),
  ];
}
