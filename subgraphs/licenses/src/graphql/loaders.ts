import type { Clock } from '@fulfillment/kernel/domain/clock';
import { lazily } from '@fulfillment/kernel/domain/lazily';
import { type Loader, manyEach, oneEach, pageEach, type PageLoader } from '@fulfillment/kernel/server/batch';
import type { Freshness } from '@fulfillment/kernel/server/freshness';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { ActivationCode } from '../domain/activation/activation-code.js';
import type { Instance } from '../domain/activation/instance.js';
import type { LicenseDelivery } from '../domain/delivery.js';
import type { UsageNotice } from '../domain/usage-notice.js';
import type { Deployment } from '../domain/deployment.js';
import type { EntitlementGrant } from '../domain/entitlements/grant.js';
import type { License } from '../domain/license.js';
import type { OfAccount, Reader } from '../service/ports.js';
import type { SeatHistoryFilter, SeatUsageDay } from '../service/seat-ports.js';
import type { AddOnSeat, AddOnSeatChange, AddOnSeatFilter } from '../service/add-on-seat-ports.js';
import type { AddOnSeatReader, SeatReader, UsageReportReader } from './readers.js';
import type { UsageReportRecord } from '../service/signing-ports.js';
import { readEntitlements, type DeploymentEntitlements } from '../service/read-entitlements.js';

/**
 * Every read of a request: one statement for all keys of one tick. Null or an empty list is what does not exist or may
 * not be seen.
 */
export interface Loaders {
  readonly deployment: Loader<Deployment | null>;
  readonly deploymentsOfAccount: Loader<readonly Deployment[]>;
  /** By the deployment's id. */
  readonly entitlements: Loader<DeploymentEntitlements | null>;
  readonly entitlementGrant: Loader<EntitlementGrant | null>;
  readonly grantsOfDeployment: Loader<readonly EntitlementGrant[]>;
  readonly license: Loader<License | null>;
  readonly licensesOfDeployment: Loader<readonly License[]>;
  readonly licensesOfSubscription: Loader<readonly License[]>;
  readonly addOnSeats: PageLoader<AddOnSeat, AddOnSeatFilter & PageArguments>;
  readonly addOnSeatChanges: PageLoader<AddOnSeatChange, AddOnSeatFilter & PageArguments>;
  readonly seatHistory: PageLoader<SeatUsageDay, SeatHistoryFilter & PageArguments>;
  readonly usageReports: PageLoader<UsageReportRecord, PageArguments>;
  /** By the license's id. */
  readonly delivery: Loader<LicenseDelivery | null>;
  readonly usageNoticesOfDeployment: Loader<readonly UsageNotice[]>;
  readonly activationCode: Loader<OfAccount<ActivationCode> | null>;
  readonly activationCodesOfDeployment: Loader<readonly OfAccount<ActivationCode>[]>;
  readonly instance: Loader<OfAccount<Instance> | null>;
  readonly instancesOfDeployment: Loader<readonly OfAccount<Instance>[]>;
}

/** What the loaders of a request read from, and tell. */
interface Sources {
  readonly reader: Reader;
  readonly seats: SeatReader;
  readonly addOnSeats: AddOnSeatReader;
  readonly usageReports: UsageReportReader;
  readonly clock: Clock;
  readonly freshness: Freshness;
}

/** Loaders for one request: what was loaded is remembered until its end. */
export const createLoaders = lazily<Sources, Loaders>({
  deployment: ({ reader }) => oneEach(reader.deployments, ({ id }) => id),
  deploymentsOfAccount: ({ reader }) => manyEach(reader.deploymentsOfAccounts, ({ accountId }) => accountId),
  entitlements: ({ reader, clock, freshness }) =>
    oneEach(
      async (ids) => {
        const found = await readEntitlements(reader, clock, ids);
        for (const one of found) tellFreshness(freshness, one);
        return found;
      },
      ({ deployment }) => deployment.id,
    ),
  entitlementGrant: ({ reader }) => oneEach(reader.entitlementGrants, ({ id }) => id),
  grantsOfDeployment: ({ reader }) => grantsEach(reader),
  license: ({ reader }) => oneEach(reader.licenses, ({ id }) => id),
  licensesOfDeployment: ({ reader }) =>
    manyEach(reader.licensesOfDeployments, ({ deploymentId }) => deploymentId),
  licensesOfSubscription: ({ reader }) =>
    manyEach(reader.licensesOfSubscriptions, ({ subscriptionId }) => subscriptionId),
  addOnSeats: ({ addOnSeats }) => pageEach((ids, asked) => addOnSeats.seats(ids, asked)),
  addOnSeatChanges: ({ addOnSeats }) => pageEach((ids, asked) => addOnSeats.changes(ids, asked)),
  seatHistory: ({ seats }) => pageEach((ids, asked) => seats.history(ids, asked)),
  usageReports: ({ usageReports }) => pageEach((ids, asked) => usageReports.reports(ids, asked)),
  usageNoticesOfDeployment: ({ reader }) => manyEach(reader.usageNotices, ({ deploymentId }) => deploymentId),
  delivery: ({ reader }) => oneEach(reader.deliveries, ({ licenseId }) => licenseId),
  activationCode: ({ reader }) => oneEach(reader.activationCodes, ({ id }) => id),
  activationCodesOfDeployment: ({ reader }) =>
    manyEach(reader.activationCodesOf, ({ deploymentId }) => deploymentId),
  instance: ({ reader }) => oneEach(reader.instances, ({ id }) => id),
  instancesOfDeployment: ({ reader }) => manyEach(reader.instancesOf, ({ deploymentId }) => deploymentId),
});

function grantsEach({ grantsOfDeployments }: Reader): Loader<readonly EntitlementGrant[]> {
  const each = manyEach(grantsOfDeployments, ({ deploymentId }) => deploymentId);
  return { load: async (id) => (await each.load(id)).map(({ grant }) => grant) };
}

/** All that licenses knows of a deployment reaches it under these, and products under the catalog. */
function tellFreshness(freshness: Freshness, { deployment, at, holdsUntil }: DeploymentEntitlements): void {
  freshness.dependsOn(`deployment:${deployment.id}`, `account:${deployment.accountId}`, 'catalog');
  freshness.holdsUntil(holdsUntil, at);
}
