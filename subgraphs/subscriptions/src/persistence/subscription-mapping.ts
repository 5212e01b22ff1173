import { agreementFromContract, agreementToContract } from '@fulfillment/kernel/domain/agreement/contract';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { deploymentKinds, type DeploymentKind } from '@fulfillment/kernel/domain/ids';
import {
  type BillingSubscription,
  planOfVersion,
  type SubscriptionIdentity,
  type SubscriptionVersion,
} from '../domain/subscription.js';
import { storedCurrency } from './account-mapping.js';
import type { BillingSchedule } from '../service/ports.js';
import type { BillingScheduleRow, SubscriptionRow, SubscriptionVersionRow } from './rows.js';

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
  const { agreement } = version;
  const { term } = agreement;
  const plan = planOfVersion(version);
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
    trial: agreement.trial,
    auto_renewal: agreement.renewal.automatic,
    term_start: term.startDate,
    term_end: term.endDate,
    term_months: term.months,
    canceled_on: agreement.canceledOn,
    plan_code: plan.productCode,
    quantity: plan.quantity,
    agreement: agreementToContract(agreement),
  };
}

export function toScheduleRow(schedule: BillingSchedule): BillingScheduleRow {
  const { subscriptionId, accountId, billedUntil, dueAt } = schedule;
  return { subscription_id: subscriptionId, account_id: accountId, billed_until: billedUntil, due_at: dueAt };
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
    agreement: agreementFromContract(row.agreement),
  };
}

function storedDeploymentKind(text: string): DeploymentKind {
  const kind = deploymentKinds.find((known) => known === text);
  if (kind === undefined) throw new RangeError(`Not a kind of deployment: ${text}`);
  return kind;
}
