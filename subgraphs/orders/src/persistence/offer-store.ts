import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { OfferStore } from '../service/offers/ports.js';
import { offerRuleEntity } from './offer-entities.js';
import { offerRuleToRow, selectOfferRules } from './offer-rule-rows.js';
import { deploymentVisible } from './visibility.js';

/** Any constant: it names the lock under which rules of offers are changed. */
const offerRulesLock = 7_263_553;

export function createOfferStore(manager: EntityManager): OfferStore {
  return {
    rules: () => selectOfferRules(manager, sql`TRUE`),

    async lockRules() {
      await query(manager, sql`SELECT pg_advisory_xact_lock(${offerRulesLock})`);
    },

    async saveRule(rule, { at: changedAt, by: changedBy }) {
      await manager.upsert(offerRuleEntity, offerRuleToRow(rule, { changedAt, changedBy }), ['code']);
    },

    async deployments(viewer, at, ids) {
      const rows = await query<{ id: string; account_id: string; subscription_ids: string[] }>(
        manager,
        sql`SELECT d.id, d.account_id, (
              SELECT coalesce(json_agg(s.id), '[]') FROM known_subscription AS s WHERE s.deployment_id = d.id
            ) AS subscription_ids
            FROM known_deployment AS d
            WHERE d.id = ANY(${[...ids]}::uuid[]) AND ${deploymentVisible(viewer, at)}`,
      );
      return new Map(
        rows.map((row) => [
          row.id,
          { id: row.id, accountId: row.account_id, subscriptionIds: row.subscription_ids },
        ]),
      );
    },

    async dismiss({ deploymentId, ruleCode, subject }, until) {
      const [row] = await query<{ version: number }>(
        manager,
        sql`INSERT INTO offer_dismissal AS x (deployment_id, rule_code, subject, until, version)
            VALUES (${deploymentId}, ${ruleCode}, ${subject}, ${until}, 1)
            ON CONFLICT (deployment_id, rule_code, subject)
            DO UPDATE SET until = greatest(x.until, excluded.until), version = x.version + 1
            RETURNING version`,
      );
      return row?.version ?? 1;
    },

    async addEvents(events) {
      if (events.length === 0) return 0;
      const rows = await query(
        manager,
        sql`INSERT INTO offer_event (id, kind, account_id, deployment_id, rule_code, subject, placement, at, by, order_id)
            SELECT told.* FROM jsonb_to_recordset(${JSON.stringify(events.map(eventToRow))}::jsonb) AS told (
              id uuid, kind text, account_id uuid, deployment_id uuid, rule_code text, subject text, placement text,
              at timestamptz, by text, order_id uuid)
            ON CONFLICT DO NOTHING RETURNING id`,
      );
      return rows.length;
    },

    async addInterest({ deploymentId, featureKey, at }) {
      const [row] = await query<{ times: number }>(
        manager,
        sql`INSERT INTO feature_interest AS i (deployment_id, feature_key, times, last_at)
            VALUES (${deploymentId}, ${featureKey}, 1, ${at})
            ON CONFLICT (deployment_id, feature_key)
            DO UPDATE SET times = i.times + 1, last_at = greatest(i.last_at, excluded.last_at)
            RETURNING times`,
      );
      return row?.times ?? 1;
    },
  };
}

function eventToRow(event: Parameters<OfferStore['addEvents']>[0][number]) {
  const { accountId, deploymentId, ruleCode, orderId, ...rest } = event;
  return {
    ...rest,
    account_id: accountId,
    deployment_id: deploymentId,
    rule_code: ruleCode,
    order_id: orderId,
  };
}
