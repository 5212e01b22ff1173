import type { FeatureKind } from './features/index.js';

/**
 * What a person gave, beside everything that was bought. `ADDS` comes on top of plan and add-ons; `REPLACES` is an override:
 * it stands in their place, whether that is more or less.
 */
export interface EntitlementGrant {
  readonly id: string;
  /** For whom: one deployment, or with an account each of its deployments, for each by itself. */
  readonly subject:
    | { readonly kind: 'ACCOUNT'; readonly accountId: string }
    | { readonly kind: 'DEPLOYMENT'; readonly deploymentId: string };
  readonly mode: 'ADDS' | 'REPLACES';
  readonly featureKey: string;
  readonly featureName: string;
  readonly featureKind: FeatureKind;
  /** On/off alone: only an override turns something off. True for the other kinds. */
  readonly enabled: boolean;
  /** A limit's number, null for no limit. An allowance: granted once, or as an override the quota of a month. Null for on/off. */
  readonly quantity: number | null;
  /** Allowances alone: when it is used, the lower the earlier. */
  readonly priority: number;
  /** Allowances alone: how much of what is left at the end of a month carries over; null for all. */
  readonly rolloverCap: number | null;
  readonly from: Date;
  /** Null: until it is revoked. */
  readonly until: Date | null;
  readonly reason: string;
  readonly grantedBy: string;
  readonly grantedAt: Date;
  readonly revocation: { readonly at: Date; readonly by: string; readonly reason: string } | null;
}

/** The first instant at which it no longer holds: its end, or when it was revoked before; null when neither is known. */
export function grantEnd({ until, revocation }: Pick<EntitlementGrant, 'until' | 'revocation'>): Date | null {
  if (revocation === null) return until;
  return until !== null && until < revocation.at ? until : revocation.at;
}

/** True when it holds at an instant. */
export function grantHoldsAt(grant: EntitlementGrant, at: Date): boolean {
  const end = grantEnd(grant);
  return grant.from <= at && (end === null || at < end);
}

/**
 * Of two overrides of one feature the one that counts comes first: that of the deployment itself, then the newer.
 * Everything else comes after them, the oldest first.
 */
export function grantOrder(one: EntitlementGrant, other: EntitlementGrant): number {
  if (one.mode !== other.mode) return one.mode === 'REPLACES' ? -1 : 1;
  const byAge = one.grantedAt.getTime() - other.grantedAt.getTime() || (one.id < other.id ? -1 : 1);
  if (one.mode === 'ADDS') return byAge;
  if (one.subject.kind !== other.subject.kind) return one.subject.kind === 'DEPLOYMENT' ? -1 : 1;
  return -byAge;
}
