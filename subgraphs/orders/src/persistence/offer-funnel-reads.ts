import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import { allOf } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { FunnelConditions, FunnelRow, FunnelStep } from '../service/offers/ports.js';
import { internalOnly } from './visibility.js';

interface FunnelRecord {
  placement: string | null;
  rule_code: string;
  shown: FunnelStep;
  clicked: FunnelStep;
  dismissed: FunnelStep;
  bought: FunnelStep;
}

/**
 * How far offers came: one row for each placement and rule. What was ordered and refused later was not bought. Sandbox accounts are
 * left out.
 */
export async function selectOfferFunnel(
  manager: EntityManager,
  viewer: Viewer,
  conditions: FunnelConditions,
): Promise<FunnelRow[]> {
  const rows = await query<FunnelRecord>(
    manager,
    sql`SELECT e.placement, e.rule_code, ${step('SHOWN')} AS shown, ${step('CLICKED')} AS clicked,
               ${step('DISMISSED')} AS dismissed, ${step('BOUGHT')} AS bought
        FROM offer_event AS e
        JOIN account AS a ON a.id = e.account_id
        LEFT JOIN orders AS o ON o.id = e.order_id
        WHERE ${allOf([internalOnly(viewer), sql`NOT a.sandbox`, stands, ...toSql(conditions)])}
        GROUP BY e.placement, e.rule_code
        ORDER BY e.placement NULLS LAST, e.rule_code`,
  );
  return rows.map(({ rule_code: ruleCode, ...row }) => ({ ruleCode, ...row }));
}

/** Of an order that was refused there is nothing in the funnel. */
const stands = sql`o.status IS DISTINCT FROM 'REFUSED'`;

function step(kind: 'SHOWN' | 'CLICKED' | 'DISMISSED' | 'BOUGHT'): Sql {
  return raw(`json_build_object(
    'events', count(*) FILTER (WHERE e.kind = '${kind}'),
    'deployments', count(DISTINCT e.deployment_id) FILTER (WHERE e.kind = '${kind}'))`);
}

function toSql({ from, until, placement, ruleCode }: FunnelConditions): Sql[] {
  return [
    sql`e.at >= ${from}::date::timestamp AT TIME ZONE 'UTC'`,
    sql`e.at < ${until}::date::timestamp AT TIME ZONE 'UTC'`,
    ...(placement == null ? [] : [sql`e.placement = ${placement}`]),
    ...(ruleCode == null ? [] : [sql`e.rule_code = ${ruleCode}`]),
  ];
}
