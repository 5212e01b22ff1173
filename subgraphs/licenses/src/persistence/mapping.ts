import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type {
  AgreedItem,
  AgreedSubscription,
  BoughtOnce,
  SaleParties,
  VersionCause,
} from '../domain/agreed-subscription.js';
import type { Deployment } from '../domain/deployment.js';
import type { License, LicenseCause } from '../domain/license.js';
import type { Product, ProductFeature } from '../domain/product.js';
import type { FeatureUse, SeatReport } from '../domain/usage.js';
import type {
  BillingSubscriptionRow,
  DeploymentRow,
  FeatureUsageJson,
  FeatureUsageRow,
  LicenseRow,
  ProductRow,
} from './entities.js';
import type { SeatUsageRow } from './seat-entities.js';

/** Rows become domain objects and back here alone. `toRow` functions are pure: seeding copies their rows in. */

export function deploymentFromRow(row: DeploymentRow): Deployment {
  return { ...row, kind: row.kind as DeploymentKind };
}

export function deploymentToRow(deployment: Deployment): DeploymentRow {
  return { ...deployment };
}

type BoughtOnceJson = Omit<BoughtOnce, 'from'> & { readonly from: string };

/** A row, or what a JSON aggregate makes of it: there instants are ISO text. */
export type SubscriptionRowOrJson = Omit<
  BillingSubscriptionRow,
  'holdsFrom' | 'suspendedFrom' | 'recordedAt' | keyof SaleParties
> & {
  holdsFrom: Date | string;
  recordedAt: Date | string;
  suspendedFrom: Date | string | null;
};

export function subscriptionFromRow({
  suspendedOn,
  suspendedFrom,
  ...row
}: SubscriptionRowOrJson): AgreedSubscription {
  return {
    ...row,
    cause: row.cause as VersionCause,
    startsOn: localDate(row.startsOn),
    endsOn: localDate(row.endsOn),
    holdsFrom: new Date(row.holdsFrom),
    heldSince: row.heldSince === null ? null : localDate(row.heldSince),
    suspension:
      suspendedOn !== null && suspendedFrom !== null
        ? { startsOn: localDate(suspendedOn), holdsFrom: new Date(suspendedFrom) }
        : null,
    items: row.items as AgreedItem[],
    boughtOnce: (row.boughtOnce as BoughtOnceJson[]).map((one) => ({ ...one, from: new Date(one.from) })),
    recordedAt: new Date(row.recordedAt),
  };
}

export function subscriptionToRow(
  { suspension, ...rest }: AgreedSubscription,
  { invoiceOwnerAccountId, partnerOfRecordId, distributorId }: SaleParties,
): BillingSubscriptionRow {
  return {
    ...rest,
    suspendedOn: suspension?.startsOn ?? null,
    suspendedFrom: suspension?.holdsFrom ?? null,
    invoiceOwnerAccountId,
    partnerOfRecordId,
    distributorId,
  };
}

export function productFromRow({
  recordedAt,
  ...row
}: Omit<ProductRow, 'recordedAt'> & { recordedAt: Date | string }): Product {
  return { ...row, features: row.features as ProductFeature[], recordedAt: new Date(recordedAt) };
}

export function productToRow(product: Product): ProductRow {
  return { ...product };
}

export function licenseFromRow(row: LicenseRow): License {
  return {
    ...row,
    startsOn: localDate(row.startsOn),
    endsOn: localDate(row.endsOn),
    cause: row.cause as LicenseCause,
    nextIssueOn: row.nextIssueOn === null ? null : localDate(row.nextIssueOn),
  };
}

export function licenseToRow(license: License): LicenseRow {
  return { ...license };
}

export function seatReportFromRow(
  row: Pick<SeatUsageRow, 'used' | 'maximum' | 'maximumSince' | 'reportedAt'>,
): SeatReport {
  return { ...row, maximumSince: localDate(row.maximumSince) };
}

/** Of a row as JSON, where instants are ISO text. */
export function featureUseFromJson(json: FeatureUsageJson): FeatureUse {
  return { ...json, observedAt: new Date(json.observedAt) };
}

export function featureUseToRow(deploymentId: string, use: FeatureUse): FeatureUsageRow {
  return { deploymentId, ...use, version: 1 };
}
