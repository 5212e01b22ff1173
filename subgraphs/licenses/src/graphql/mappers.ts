/** The parent of Deployment's resolvers; a reference alone will do. */
export interface DeploymentMapper {
  readonly id: string;
}

/** The parent of Entitlements's resolvers; a reference alone will do. */
export interface EntitlementsMapper {
  readonly deploymentId: string;
}

/** The parent of License's resolvers; a reference alone will do. */
export interface LicenseMapper {
  readonly id: string;
}

/** The parent of Account's resolvers; a reference alone will do. */
export interface AccountMapper {
  readonly id: string;
}

/** The parent of BillingSubscription's resolvers; a reference alone will do. */
export interface BillingSubscriptionMapper {
  readonly id: string;
}
