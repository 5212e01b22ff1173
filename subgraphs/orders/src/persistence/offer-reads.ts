import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { isOneOf, jsonRows, query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { FunnelConditions } from '../service/offers/ports.js';
import type { OfferedRecord, OfferReader } from '../service/offers/read-offers.js';
import { readKeptOfferRules, readKeptProducts } from './kept-catalog.js';
import { selectOfferFunnel } from './offer-funnel-reads.js';
import { deploymentHeld } from './order-facts-store.js';
import { selectOfferRules } from './offer-rule-rows.js';
import { payerFromRow, type PayerRecord } from './payer-rows.js';
import { subscriptionColumns, subscriptionFromRow, type SubscriptionRecord } from './subscription-facts.js';
import { deploymentVisible, internalOnly } from './visibility.js';

/** One row with everything: an entities request costs one statement. */
interface OfferRecords {
  deployments: DeploymentRecord[];
  products_version: string;
  rules_version: string;
}

interface DeploymentRecord extends PayerRecord {
  id: string;
  kind: OfferedRecord['deployment']['kind'];
  external_id: string;
  billing_time_zone: string;
  order_under_way: boolean;
  subscriptions: SubscriptionRecord[];
  interest: { featureKey: string; times: number; lastAt: string }[];
  dismissals: { ruleCode: string; subject: string; until: string }[];
}

/** What a request reads for offers, as its viewer may see it at `now`. */
export function createOfferReads(manager: EntityManager, viewer: Viewer, now: Date) {
  const reads: OfferReader = {
    async offerRecords(deploymentIds) {
      const visible = sql`${isOneOf('d.id', deploymentIds)} AND ${deploymentVisible(viewer, now)}`;
      const products = readKeptProducts(manager);
      const rules = readKeptOfferRules(manager);
      const [row] = await query<OfferRecords>(
        manager,
        sql`SELECT ${jsonRows(offeredDeployments(visible))} AS deployments, ${products.version} AS products_version,
                   ${rules.version} AS rules_version`,
      );
      if (row === undefined) throw new Error('A statement without FROM gave no row');
      return {
        deployments: row.deployments.map(fromRow),
        products: await products.take(row.products_version),
        rules: await rules.take(row.rules_version),
      };
    },
  };
  return {
    ...reads,
    offerRules: () => selectOfferRules(manager, internalOnly(viewer)),
    offerFunnel: (conditions: FunnelConditions) => selectOfferFunnel(manager, viewer, conditions),
  };
}

/**
 * The columns of `DeploymentRecord`.
 * @param visible which `known_deployment AS d` to read
 */
function offeredDeployments(visible: Sql): Sql {
  return sql`
    SELECT d.id, d.kind, d.external_id, a.billing_time_zone, a.id AS invoice_owner_id, a.currency, a.country_code,
           a.legal_entity_code, ${deploymentHeld(sql`d.id`)} AS order_under_way,
           ${jsonRows(subscriptionsOfDeployment)} AS subscriptions, ${jsonRows(interestOfDeployment)} AS interest,
           ${jsonRows(dismissalsOfDeployment)} AS dismissals
    FROM known_deployment AS d
    JOIN account AS a ON a.id = d.account_id
    WHERE ${visible}`;
}

/** What was agreed for `known_deployment AS d`, the newest first. */
const subscriptionsOfDeployment = sql`
  SELECT ${subscriptionColumns}
  FROM known_subscription AS s
  JOIN account AS owner ON owner.id = s.invoice_owner_account_id
  WHERE s.deployment_id = d.id AND s.account_id = d.account_id
  ORDER BY s.effective_on DESC, s.id`;

const interestOfDeployment = sql`
  SELECT i.feature_key AS "featureKey", i.times, i.last_at AS "lastAt"
  FROM feature_interest AS i WHERE i.deployment_id = d.id ORDER BY i.feature_key`;

const dismissalsOfDeployment = sql`
  SELECT x.rule_code AS "ruleCode", x.subject, x.until
  FROM offer_dismissal AS x WHERE x.deployment_id = d.id`;

function fromRow(row: DeploymentRecord): OfferedRecord {
  const payer = payerFromRow(row);
  const accountId = payer.id;
  return {
    deployment: { id: row.id, kind: row.kind, externalId: row.external_id },
    buyer: {
      account: { id: accountId, billingTimeZone: row.billing_time_zone },
      parties: { accountId, invoiceOwnerAccountId: accountId, partnerId: null, distributorId: null },
      invoiceOwner: payer,
    },
    subscriptions: row.subscriptions.map(subscriptionFromRow),
    orderUnderWay: row.order_under_way,
    interest: row.interest.map(({ lastAt, ...one }) => ({ ...one, lastAt: new Date(lastAt) })),
    dismissals: row.dismissals.map(({ until, ...one }) => ({ ...one, until: new Date(until) })),
  };
}
