import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';

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
