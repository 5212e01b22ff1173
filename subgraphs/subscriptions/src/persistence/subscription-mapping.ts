import { localDate } from '@fulfillment/kernel/domain/calendar';
import { deploymentKinds, type DeploymentKind } from '@fulfillment/kernel/domain/ids';
import {
  type BillingSubscription,
  planOf,
  type SubscriptionIdentity,
  type SubscriptionVersion,
} from '../domain/subscription.js';
import { storedCurrency } from './account-mapping.js';
import type { SubscriptionRow, SubscriptionVersionRow } from './rows.js';

export function toSubscriptionRow(identity: SubscriptionIdentity, createdAt: Date): SubscriptionRow {
  const { id, number, deployment, currency } = identity;
  return {
    id,
    number,
    deployment_id: deployment.id,
    deployment_kind: deployment.kind,
    deployment_external_id: deployment.externalId,
    deployment_name: deployment.name,
    currency,
    created_at: createdAt,
  };
}

export function toVersionRow(subscriptionId: string, version: SubscriptionVersion): SubscriptionVersionRow {
  const plan = planOf(version.items);
  return {
    subscription_id: subscriptionId,
    version: version.version,
    cause: version.cause,
    order_id: version.orderId,
    recorded_by: version.recordedBy,
    recorded_at: version.recordedAt,
    effective_on: version.effectiveOn,
    account_id: version.accountId,
    invoice_owner_account_id: version.invoiceOwnerAccountId,
    partner_of_record_id: version.partnerOfRecordId,
    distributor_id: version.distributorId,
    billing_time_zone: version.billingTimeZone,
    trial: version.trial,
    auto_renewal: version.autoRenewal,
    term_start: version.term.startDate,
    term_end: version.term.endDate,
    term_months: version.term.months,
    canceled_on: version.canceledOn,
    plan_code: plan.productCode,
    quantity: plan.quantity,
    items: version.items,
  };
}

/** A subscription from its own row joined with its head's. */
export function fromSubscriptionRow(row: SubscriptionRow & SubscriptionVersionRow): BillingSubscription {
  return {
    id: row.id,
    number: row.number,
    deployment: {
      id: row.deployment_id,
      kind: storedDeploymentKind(row.deployment_kind),
      externalId: row.deployment_external_id,
      name: row.deployment_name,
    },
    currency: storedCurrency(row.currency),
    head: fromVersionRow(row),
  };
}

export function fromVersionRow(row: SubscriptionVersionRow): SubscriptionVersion {
  return {
    version: row.version,
    cause: row.cause,
    orderId: row.order_id,
    recordedBy: row.recorded_by,
    recordedAt: row.recorded_at,
    effectiveOn: localDate(row.effective_on),
    accountId: row.account_id,
    invoiceOwnerAccountId: row.invoice_owner_account_id,
    partnerOfRecordId: row.partner_of_record_id,
    distributorId: row.distributor_id,
    billingTimeZone: row.billing_time_zone,
    trial: row.trial,
    autoRenewal: row.auto_renewal,
    term: {
      startDate: localDate(row.term_start),
      endDate: localDate(row.term_end),
      months: row.term_months,
    },
    canceledOn: row.canceled_on === null ? null : localDate(row.canceled_on),
    items: row.items,
  };
}

function storedDeploymentKind(text: string): DeploymentKind {
  const kind = deploymentKinds.find((known) => known === text);
  if (kind === undefined) throw new RangeError(`Not a kind of deployment: ${text}`);
  return kind;
}
