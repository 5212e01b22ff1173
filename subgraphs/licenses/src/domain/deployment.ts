import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { License } from './license.js';

/** The thing that a customer runs, and the account that runs it. */
export interface Deployment {
  /** Derived from kind and external id, the same in every service. */
  readonly id: string;
  /** Counts the changes of what is announced of it, from 1. */
  readonly version: number;
  readonly kind: DeploymentKind;
  /** The id of the namespace, instance or tenant, as the customer knows it. */
  readonly externalId: string;
  readonly name: string;
  readonly accountId: string;
  readonly registeredAt: Date;
}

/**
 * True when a subscription that names another account than the deployment's has moved there, and takes the deployment along:
 * its newest license is for this very deployment and for the account that runs it. Without such a license it is somebody
 * else's attempt to take the deployment.
 */
export function movesAlong(
  deployment: Deployment,
  newest: Pick<License, 'deploymentId' | 'accountId'> | null,
): boolean {
  return newest?.deploymentId === deployment.id && newest.accountId === deployment.accountId;
}
