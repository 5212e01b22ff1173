import type { DeploymentPayload } from '@fulfillment/schema/events/licenses';
import type { PartnerPayload } from '@fulfillment/schema/events/partners';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { agreementFromContract } from '@fulfillment/kernel/domain/agreement/contract';
import { localDate, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';

/** What orders needs to know of a partner: who pays when it sells. */
export interface KnownPartner {
  readonly id: string;
  readonly name: string;
  readonly kind: 'DISTRIBUTOR' | 'RESELLER';
  readonly accountId: string;
  readonly distributorId: string | null;
}

/** What orders needs to know of a subscription: what may be changed, by whom, and who pays. */
export interface KnownSubscription {
  readonly id: string;
  readonly accountId: string;
  readonly invoiceOwnerAccountId: string;
  readonly partnerOfRecordId: string | null;
  readonly distributorId: string | null;
  readonly deploymentId: string;
  readonly deploymentKind: DeploymentKind;
  readonly billingTimeZone: string;
  readonly version: number;
  /** The day from which this version holds. */
  readonly effectiveOn: LocalDate;
  readonly agreement: Agreement;
}

/** What a lead is made of by a trial. */
export type KnownTrial = Pick<KnownSubscription, 'id' | 'accountId' | 'deploymentId' | 'agreement'>;

/** What orders needs to know of a deployment: whose it is and what is sold for it. */
export interface KnownDeployment {
  readonly id: string;
  readonly accountId: string;
  readonly kind: DeploymentKind;
  readonly externalId: string;
  readonly name: string;
}

export function toKnownPartner(payload: PartnerPayload): KnownPartner {
  const { id, name, kind, accountId, distributorId } = payload;
  return { id, name, kind, accountId, distributorId };
}

/** @param version the one that the event tells of */
export function toKnownSubscription(payload: BillingSubscriptionPayload, version: number): KnownSubscription {
  const { id, accountId, invoiceOwnerAccountId, partnerOfRecordId, distributorId } = payload;
  const { deployment, billingTimeZone, effectiveOn, agreement } = payload;
  return {
    id,
    accountId,
    invoiceOwnerAccountId,
    partnerOfRecordId,
    distributorId,
    deploymentId: deployment.id,
    deploymentKind: deployment.kind,
    billingTimeZone,
    version,
    effectiveOn: localDate(effectiveOn),
    agreement: agreementFromContract(agreement),
  };
}

export function toKnownDeployment(payload: DeploymentPayload): KnownDeployment {
  const { id, accountId, kind, externalId, name } = payload;
  return { id, accountId, kind, externalId, name };
}
