import { addDays, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Deployment } from './deployment.js';
import type { EntitledFeature } from './entitlements/features/index.js';
import type { License } from './license.js';

/** When people are told that a license ends, and when the instance stops taking changes: days from the license's end. */
export interface NoticeRules {
  readonly administratorsDaysBefore: number;
  readonly usersDaysBefore: number;
  readonly changesBlockedDaysAfter: number;
}

/** Administrators have a month; users hear of it on the last day; two weeks of grace pass before changes are blocked. */
export const defaultNotices: NoticeRules = {
  administratorsDaysBefore: 30,
  usersDaysBefore: 1,
  changesBlockedDaysAfter: 14,
};

/** What a license file is made of. */
export interface LicenseFileFacts {
  readonly license: License;
  readonly deployment: Deployment;
  readonly trial: boolean;
  readonly features: readonly EntitledFeature[];
  /** The only instance that may use the file; null for any of the deployment. */
  readonly instanceId: string | null;
  readonly fileId: string;
  readonly issuedAt: Date;
  /** From when on the file itself is of no use; null: as long as its license. */
  readonly expiresAt: Date | null;
}

/** What a license file says: the form that the `fulfillment-license` package reads. */
export type LicenseFileContent = ReturnType<typeof licenseFileContent>;

/** Puts together what a license file says. An instance that we do not run ourselves is to report its use. */
export function licenseFileContent(facts: LicenseFileFacts, notices: NoticeRules = defaultNotices) {
  const { license, deployment, trial, features, instanceId, fileId, issuedAt, expiresAt } = facts;
  const { id, planCode, seats, startsOn, endsOn } = license;
  return {
    format: 1 as const,
    file: {
      id: fileId,
      issuedAt: issuedAt.toISOString(),
      expiresAt: expiresAt?.toISOString() ?? null,
    },
    license: { id, planCode, seats, trial, startsOn, endsOn, issuedAt: license.issuedAt.toISOString() },
    deployment: { id: deployment.id, kind: deployment.kind, externalId: deployment.externalId },
    instanceId,
    notices: noticesOf(endsOn, notices),
    restrictions: { userLimit: null, reportsUsage: deployment.kind === 'SELF_MANAGED_INSTANCE' },
    features: features.map((feature) => ({
      key: feature.key,
      kind: feature.kind,
      quantity: quantityOf(feature),
    })),
  };
}

function noticesOf(endsOn: LocalDate, rules: NoticeRules) {
  return {
    administratorsFrom: addDays(endsOn, -rules.administratorsDaysBefore),
    usersFrom: addDays(endsOn, -rules.usersDaysBefore),
    changesBlockedFrom: addDays(endsOn, rules.changesBlockedDaysAfter),
  };
}

function quantityOf(feature: EntitledFeature): number | null {
  switch (feature.kind) {
    case 'ON_OFF':
      return null;
    case 'LIMIT':
      return feature.limit;
    case 'METERED_ALLOWANCE':
      return feature.allowance;
  }
}
