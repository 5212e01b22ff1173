import type { DeploymentPayload } from '@fulfillment/schema/events/licenses';
import type { PartnerPayload } from '@fulfillment/schema/events/partners';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { RunningTerm } from '../domain/order/facts.js';

/** What orders needs to know of a partner: who pays when it sells. */
export interface KnownPartner {
  readonly id: string;
  readonly name: string;
  readonly kind: 'DISTRIBUTOR' | 'RESELLER';
  readonly accountId: string;
  readonly distributorId: string | null;
}

/** What orders needs to know of a subscription: whether it stands in the way of another one. */
export interface KnownSubscription extends RunningTerm {
  readonly id: string;
  readonly accountId: string;
  readonly deploymentId: string;
}

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

export function toKnownSubscription(payload: BillingSubscriptionPayload): KnownSubscription {
  const { id, accountId, deployment, term, autoRenewal, canceledOn } = payload;
  return {
    id,
    accountId,
    deploymentId: deployment.id,
    endDate: localDate(term.endDate),
    autoRenewal,
    canceledOn: canceledOn === null ? null : localDate(canceledOn),
  };
}

export function toKnownDeployment(payload: DeploymentPayload): KnownDeployment {
  const { id, accountId, kind, externalId, name } = payload;
  return { id, accountId, kind, externalId, name };
}
