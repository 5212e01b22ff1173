import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { isUuid } from '@fulfillment/kernel/domain/ids';
import { assertNever } from '@fulfillment/kernel/domain/result';
import type { PartnerViewer, Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Buyer, DeploymentFacts, Payer } from '../domain/order/facts.js';
import type { OrderFactsStore } from '../service/ports.js';
import { selectProducts } from './catalog-store.js';
import { payerFromRow, type PayerRecord } from './payer-rows.js';
import { selectSubscriptionFacts } from './subscription-facts.js';
import { accountBuyable, accountVisible } from './visibility.js';

export function createOrderFactsStore(manager: EntityManager): OrderFactsStore {
  return {
    async buyer(viewer, at, accountId) {
      const [row] = await query<BuyerRecord>(manager, buyerStatement(viewer, at, accountId));
      return row ? buyerFromRow(row) : null;
    },

    async subscriptions(viewer, at, ids) {
      const known = ids.filter(isUuid);
      const found = known.length === 0 ? [] : await selectSubscriptionFacts(manager, viewer, at, known);
      return new Map(found.map((subscription) => [subscription.id, subscription]));
    },

    async receivers(viewer, at, ids) {
      const known = ids.filter(isUuid);
      const found = known.length === 0 ? [] : await selectReceivers(manager, viewer, at, known);
      return new Map(found.map((account) => [account.id, account]));
    },

    async deployments(ids) {
      if (ids.length === 0) return new Map();
      const rows = await query<DeploymentRecord>(manager, deploymentsStatement(ids));
      return new Map(rows.map((row) => [row.id, deploymentFromRow(row)]));
    },

    products: () => selectProducts(manager),
  };
}

async function selectReceivers(
  manager: EntityManager,
  viewer: Viewer,
  at: Date,
  ids: readonly string[],
): Promise<Payer[]> {
  const rows = await query<PayerRecord>(
    manager,
    sql`SELECT a.id AS invoice_owner_id, a.currency, a.country_code, a.legal_entity_code
        FROM account AS a WHERE a.id = ANY(${[...ids]}::uuid[]) AND ${accountVisible(viewer, at)}`,
  );
  return rows.map(payerFromRow);
}

interface BuyerRecord extends PayerRecord {
  account_id: string;
  billing_time_zone: string;
  partner_id: string | null;
  distributor_id: string | null;
}

/** Who asks decides who pays: a partner's sale goes by its distributor, if it has one, else by itself. */
function buyerStatement(viewer: Viewer, at: Date, accountId: string): Sql {
  const condition = sql`a.id = ${accountId} AND ${accountBuyable(viewer, at)}`;
  switch (viewer.audience) {
    case 'product':
    case 'internal':
      return directBuyer(condition);
    case 'partner':
      return buyerOfPartner(viewer, condition);
    default:
      return assertNever(viewer);
  }
}

function directBuyer(condition: Sql): Sql {
  return sql`
    SELECT a.id AS account_id, a.billing_time_zone, a.id AS invoice_owner_id, a.currency,
           a.country_code, a.legal_entity_code,
           NULL::uuid AS partner_id, NULL::uuid AS distributor_id
    FROM account AS a WHERE ${condition}`;
}

function buyerOfPartner({ partnerId }: PartnerViewer, condition: Sql): Sql {
  return sql`
    SELECT a.id AS account_id, a.billing_time_zone, owner.id AS invoice_owner_id, owner.currency,
           owner.country_code, owner.legal_entity_code,
           partner.id AS partner_id, partner.distributor_id
    FROM account AS a
    JOIN known_partner AS partner ON partner.id = ${partnerId}
    LEFT JOIN known_partner AS distributor ON distributor.id = partner.distributor_id
    JOIN account AS owner
      ON owner.id = CASE WHEN partner.distributor_id IS NULL THEN partner.account_id ELSE distributor.account_id END
    WHERE ${condition}`;
}

function buyerFromRow(row: BuyerRecord): Buyer {
  return {
    account: { id: row.account_id, billingTimeZone: row.billing_time_zone },
    invoiceOwner: payerFromRow(row),
    parties: {
      accountId: row.account_id,
      invoiceOwnerAccountId: row.invoice_owner_id,
      partnerId: row.partner_id,
      distributorId: row.distributor_id,
    },
  };
}

interface DeploymentRecord {
  id: string;
  account_id: string;
  name: string | null;
  subscriptions: Agreement[];
  trialed_plans: string[];
  order_under_way: boolean;
}

/**
 * An order claims a deployment at once, long before licenses tells whose it is: the newest order that was not refused
 * speaks for it until then, and without one the newest subscription that is known of it. And a fulfilled order is still under way here until its subscription has become known.
 */
function deploymentsStatement(ids: readonly string[]): Sql {
  return sql`
    WITH named AS (SELECT DISTINCT unnest(${[...ids]}::uuid[]) AS id),
    claim AS (
      SELECT DISTINCT ON (action.deployment_id)
             action.deployment_id, o.account_id, action.details->'deployment'->>'name' AS name
      FROM order_action AS action
      JOIN orders AS o ON o.id = action.order_id
      WHERE action.deployment_id IN (SELECT id FROM named) AND o.status <> 'REFUSED'
      ORDER BY action.deployment_id, o.placed_at DESC
    ),
    begun AS (
      SELECT action.deployment_id, action.details->'change'->'agreement' AS agreement
      FROM order_action AS action
      JOIN orders AS o ON o.id = action.order_id
      WHERE action.deployment_id IN (SELECT id FROM named) AND o.status <> 'REFUSED'
      UNION ALL
      SELECT s.deployment_id, s.agreement
      FROM known_subscription AS s WHERE s.deployment_id IN (SELECT id FROM named)
    ),
    trial AS (
      SELECT begun.deployment_id, item->>'productCode' AS plan_code
      FROM begun, jsonb_array_elements(begun.agreement->'items') AS item
      WHERE (begun.agreement->>'trial')::boolean AND item->>'productKind' = 'PLAN'
    )
    SELECT named.id,
           coalesce(d.account_id, claim.account_id, agreed.account_id) AS account_id,
           coalesce(d.name, claim.name) AS name,
           (SELECT coalesce(json_agg(s.agreement), '[]')
            FROM known_subscription AS s WHERE s.deployment_id = named.id) AS subscriptions,
           (SELECT coalesce(json_agg(DISTINCT trial.plan_code), '[]')
            FROM trial WHERE trial.deployment_id = named.id) AS trialed_plans,
           ${deploymentHeld(sql`named.id`)} AS order_under_way
    FROM named
    LEFT JOIN known_deployment AS d ON d.id = named.id
    LEFT JOIN claim ON claim.deployment_id = named.id
    LEFT JOIN LATERAL (
      SELECT s.account_id FROM known_subscription AS s
      WHERE s.deployment_id = named.id ORDER BY s.effective_on DESC LIMIT 1
    ) AS agreed ON TRUE
    WHERE coalesce(d.id, claim.deployment_id, agreed.account_id) IS NOT NULL`;
}

/** True for a deployment for which an order was taken, as long as its subscription is not known here. */
export function deploymentHeld(id: Sql): Sql {
  return sql`EXISTS (
    SELECT FROM order_action AS action
    JOIN orders AS o ON o.id = action.order_id
    WHERE action.deployment_id = ${id} AND (o.status = 'PLACED' OR o.status = 'FULFILLED' AND NOT EXISTS (
      SELECT FROM known_subscription AS s WHERE s.id = action.subscription_id)))`;
}

function deploymentFromRow(row: DeploymentRecord): DeploymentFacts {
  const { id, name, subscriptions } = row;
  return {
    id,
    accountId: row.account_id,
    name,
    subscriptions,
    trialedPlans: row.trialed_plans,
    orderUnderWay: row.order_under_way,
  };
}
