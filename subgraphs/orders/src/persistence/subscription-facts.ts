import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { SubscriptionFacts } from '../domain/order/facts.js';
import { payerFromRow, type PayerRecord } from './payer-rows.js';
import { subscriptionChangeable } from './visibility.js';

/** A subscription with who pays for it, as `subscriptionFromRow` reads it. */
export interface SubscriptionRecord extends PayerRecord {
  id: string;
  version: number;
  account_id: string;
  partner_of_record_id: string | null;
  distributor_id: string | null;
  deployment_id: string;
  deployment_kind: DeploymentKind;
  billing_time_zone: string;
  effective_on: LocalDate;
  agreement: Agreement;
  order_under_way: boolean;
}

/**
 * True for a `known_subscription AS s` for which an order is under way: one that was priced on the version that is known
 * here, until it is refused or a later version comes.
 */
const subscriptionHeld = sql`EXISTS (
  SELECT FROM order_action AS action
  WHERE action.subscription_id = s.id AND action.base_version >= s.version AND action.holds_version)`;

/** The columns of `SubscriptionRecord`, of a `known_subscription AS s` and the `account AS owner` that pays for it. */
export const subscriptionColumns = sql`
  s.id, s.version, s.account_id, s.partner_of_record_id, s.distributor_id, s.deployment_id, s.deployment_kind,
  s.billing_time_zone, s.effective_on, s.agreement, owner.id AS invoice_owner_id, owner.currency, owner.country_code,
  owner.legal_entity_code, ${subscriptionHeld} AS order_under_way`;

/** The subscriptions that the viewer may change, with who pays for them. */
export async function selectSubscriptionFacts(
  manager: EntityManager,
  viewer: Viewer,
  at: Date,
  ids: readonly string[],
): Promise<SubscriptionFacts[]> {
  const rows = await query<SubscriptionRecord>(
    manager,
    sql`SELECT ${subscriptionColumns}
        FROM known_subscription AS s
        JOIN account AS owner ON owner.id = s.invoice_owner_account_id
        WHERE s.id = ANY(${[...ids]}::uuid[]) AND ${subscriptionChangeable(viewer, at)}`,
  );
  return rows.map(subscriptionFromRow);
}

export function subscriptionFromRow(row: SubscriptionRecord): SubscriptionFacts {
  const { id, version, agreement } = row;
  return {
    id,
    version,
    parties: {
      accountId: row.account_id,
      invoiceOwnerAccountId: row.invoice_owner_id,
      partnerId: row.partner_of_record_id,
      distributorId: row.distributor_id,
    },
    invoiceOwner: payerFromRow(row),
    deploymentId: row.deployment_id,
    deploymentKind: row.deployment_kind,
    billingTimeZone: row.billing_time_zone,
    effectiveOn: row.effective_on,
    agreement,
    orderUnderWay: row.order_under_way,
  };
}
