import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { EntityManager } from 'typeorm';
import type { Reader } from '../service/ports.js';
import {
  selectActivationCodes,
  selectActivationCodesById,
  selectInstances,
  selectInstancesById,
} from './activation-store.js';
import { selectDeliveries } from './delivery-store.js';
import { selectUsageNotices } from './usage-notice-store.js';
import { selectDeployments, selectDeploymentsOfAccounts, selectOwnDeployments } from './deployment-store.js';
import { selectDeploymentFacts } from './entitlement-facts.js';
import { selectGrants, selectGrantsOfDeployments } from './entitlement-grant-store.js';
import {
  selectLicenses,
  selectLicensesOfDeployments,
  selectLicensesOfSubscriptions,
} from './license-store.js';

type Select<Row> = (
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  ids: readonly string[],
) => Promise<Row[]>;

/** @param now the instant at which the viewer's grants must hold */
export function createReader(manager: EntityManager, viewer: Viewer, now: Date): Reader {
  const bind =
    <Row>(select: Select<Row>) =>
    (ids: readonly string[]): Promise<Row[]> =>
      select(manager, viewer, now, ids);
  return {
    deployments: bind(selectDeployments),
    ownDeployments: bind(selectOwnDeployments),
    deploymentsOfAccounts: bind(selectDeploymentsOfAccounts),
    deploymentFacts: bind(selectDeploymentFacts),
    licenses: bind(selectLicenses),
    licensesOfDeployments: bind(selectLicensesOfDeployments),
    licensesOfSubscriptions: bind(selectLicensesOfSubscriptions),
    deliveries: bind(selectDeliveries),
    usageNotices: bind(selectUsageNotices),
    activationCodes: bind(selectActivationCodesById),
    activationCodesOf: bind(selectActivationCodes),
    instances: bind(selectInstancesById),
    instancesOf: bind(selectInstances),
    entitlementGrants: bind(selectGrants),
    grantsOfDeployments: bind(selectGrantsOfDeployments),
  };
}
