import { assertNever } from '@fulfillment/kernel/domain/result';
import type { AccountSegment } from '../account/account.js';
import type { Happened, LeadCustomer } from './facts.js';
import type { LeadRegion } from './region.js';

/** What a rule of the score looks at. */
export type ScoreCondition =
  | { readonly kind: 'SALES_REQUESTED' | 'TRIAL_STARTED' | 'FEATURE_WANTED' | 'SOLD_BY_PARTNER' }
  | { readonly kind: 'SEGMENT'; readonly segment: AccountSegment }
  | { readonly kind: 'SEATS_AT_LEAST'; readonly seats: number };

/** What gives a lead points, or takes some off. */
export interface ScoreRule {
  readonly code: string;
  readonly condition: ScoreCondition;
  readonly points: number;
  /** The rule in words, shown with the score. */
  readonly reason: string;
}

/** To whom a new lead goes; what is null is not asked. */
export interface AssignmentRule {
  readonly region: LeadRegion | null;
  readonly segment: AccountSegment | null;
  readonly owner: string;
}

/** How leads are scored and to whom they go: data, which our own people change without a release. */
export interface LeadPolicy {
  readonly scoring: readonly ScoreRule[];
  /** The first that fits decides. */
  readonly assignment: readonly AssignmentRule[];
  readonly defaultOwner: string;
}

/** The points of one rule. */
export interface ScoreReason {
  readonly code: string;
  readonly points: number;
  readonly reason: string;
}

export interface Score {
  readonly score: number;
  readonly scoreReasons: readonly ScoreReason[];
}

/** The sum of the points of all rules that apply, each once, in their order. */
export function scoreOf(
  { scoring }: Pick<LeadPolicy, 'scoring'>,
  happened: Happened,
  customer: LeadCustomer,
): Score {
  const scoreReasons = scoring
    .filter(({ condition }) => applies(condition, happened, customer))
    .map(({ code, points, reason }) => ({ code, points, reason }));
  return { score: scoreReasons.reduce((sum, { points }) => sum + points, 0), scoreReasons };
}

/** To whom a new lead goes. */
export function assigneeOf(
  { assignment, defaultOwner }: Pick<LeadPolicy, 'assignment' | 'defaultOwner'>,
  lead: { readonly region: LeadRegion; readonly segment: AccountSegment },
): string {
  const rule = assignment.find(
    ({ region, segment }) =>
      (region === null || region === lead.region) && (segment === null || segment === lead.segment),
  );
  return rule?.owner ?? defaultOwner;
}

function applies(
  condition: ScoreCondition,
  { touches, mostSeats }: Happened,
  customer: LeadCustomer,
): boolean {
  switch (condition.kind) {
    case 'SALES_REQUESTED':
    case 'TRIAL_STARTED':
      return touches.includes(condition.kind);
    case 'FEATURE_WANTED':
      return customer.wantsFeature;
    case 'SOLD_BY_PARTNER':
      return customer.partnerId !== null;
    case 'SEGMENT':
      return customer.segment === condition.segment;
    case 'SEATS_AT_LEAST':
      return mostSeats !== null && mostSeats >= condition.seats;
    default:
      return assertNever(condition);
  }
}
