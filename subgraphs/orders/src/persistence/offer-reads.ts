import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { KeptRecord } from '@fulfillment/kernel/server/kept-rows';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { FunnelConditions } from '../service/offers/ports.js';
import type { OfferedRecord, OfferReader } from '../service/offers/read-offers.js';
import { readKeptOfferRules, readKeptProducts } from './kept-catalog.js';
import { selectOfferFunnel } from './offer-funnel-reads.js';
import { deploymentHeld } from './order-facts-store.js';
import { type OfferRuleRecord, selectOfferRules } from './offer-rule-rows.js';
import { payerFromRow, type PayerRecord } from './payer-rows.js';
import type { ProductRecord } from './product-rows.js';
import { subscriptionFromRow, subscriptionHeld, type SubscriptionRecord } from './subscription-facts.js';
import { deploymentVisible, internalOnly } from './visibility.js';

/** One row with everything: an entities request costs one statement. */
interface OfferRecords {
  deployments: DeploymentRecord[];
  products: KeptRecord<ProductRecord>;
  rules: KeptRecord<OfferRuleRecord>;
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
      const visible = deploymentVisible(viewer, now);
      const products = readKeptProducts(manager);
      const rules = readKeptOfferRules(manager);
      const [row] = await query<OfferRecords>(
        manager,
        sql`
          SELECT (
            SELECT coalesce(json_agg(json_build_object(
              'id', d.id, 'kind', d.kind, 'external_id', d.external_id, 'billing_time_zone', a.billing_time_zone,
              'invoice_owner_id', a.id, 'currency', a.currency, 'country_code', a.country_code,
              'legal_entity_code', a.legal_entity_code, 'order_under_way', ${deploymentHeld(sql`d.id`)},
              'subscriptions', ${subscriptionsOfDeployment}, 'interest', ${interestOfDeployment},
              'dismissals', ${dismissalsOfDeployment})), '[]')
            FROM known_deployment AS d
            JOIN account AS a ON a.id = d.account_id
            WHERE ${isOneOf('d.id', deploymentIds)} AND ${visible}
          ) AS deployments, ${products.column} AS products, ${rules.column} AS rules`,
      );
      if (row === undefined) throw new Error('A statement without FROM gave no row');
      return {
        deployments: row.deployments.map(fromRow),
        products: await products.take(row.products),
        rules: await rules.take(row.rules),
      };
    },
  };
  return {
    ...reads,
    offerRules: () => selectOfferRules(manager, internalOnly(viewer)),
    offerFunnel: (conditions: FunnelConditions) => selectOfferFunnel(manager, viewer, conditions),
  };
}

/** What was agreed for `known_deployment AS d`, the newest first. */
const subscriptionsOfDeployment = sql`(
  SELECT coalesce(json_agg(json_build_object(
    'id', s.id, 'version', s.version, 'account_id', s.account_id,
    'partner_of_record_id', s.partner_of_record_id, 'distributor_id', s.distributor_id,
    'deployment_kind', s.deployment_kind, 'billing_time_zone', s.billing_time_zone,
    'effective_on', s.effective_on, 'agreement', s.agreement, 'invoice_owner_id', owner.id,
    'currency', owner.currency, 'country_code', owner.country_code,
    'legal_entity_code', owner.legal_entity_code, 'order_under_way', ${subscriptionHeld})
    ORDER BY s.effective_on DESC, s.id), '[]')
  FROM known_subscription AS s
  JOIN account AS owner ON owner.id = s.invoice_owner_account_id
  WHERE s.deployment_id = d.id AND s.account_id = d.account_id)`;

const interestOfDeployment = sql`(
  SELECT coalesce(json_agg(json_build_object(
    'featureKey', i.feature_key, 'times', i.times, 'lastAt', i.last_at) ORDER BY i.feature_key), '[]')
  FROM feature_interest AS i WHERE i.deployment_id = d.id)`;

const dismissalsOfDeployment = sql`(
  SELECT coalesce(json_agg(json_build_object(
    'ruleCode', x.rule_code, 'subject', x.subject, 'until', x.until) ORDER BY x.rule_code, x.subject), '[]')
  FROM offer_dismissal AS x WHERE x.deployment_id = d.id)`;

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
