import { assertNever } from '@fulfillment/kernel/domain/result';

/** When an offer is made, with its thresholds. */
export type OfferCondition =
  /** More than so many per cent of the purchased seats are in use. */
  | { readonly kind: 'SEATS_USED'; readonly percent: number }
  /** More than so many per cent of a metered allowance are used up. */
  | { readonly kind: 'ALLOWANCE_USED'; readonly percent: number }
  /** More than so many per cent of a limit are in use. */
  | { readonly kind: 'LIMIT_USED'; readonly percent: number }
  /** A locked feature was clicked or tried so often, the last time within so many days. */
  | { readonly kind: 'FEATURE_WANTED'; readonly times: number; readonly withinDays: number }
  /** A trial ends in so many days or fewer. */
  | { readonly kind: 'TRIAL_ENDING'; readonly daysBefore: number }
  /** What is used beyond the contract costs more a month than a better plan with as much would. */
  | { readonly kind: 'OVERAGE_DEARER' }
  | { readonly kind: 'ALWAYS' };

/** What is offered. */
export type OfferedStep =
  | 'ADD_SEATS'
  | 'NEXT_PLAN'
  | 'BUY_ALLOWANCE'
  | 'RAISE_LIMIT'
  | 'UNLOCK_FEATURE'
  | 'CONVERT_TRIAL'
  | 'CHEAPER_PLAN';

export type OfferReason =
  | 'NEXT_PLAN'
  | 'SEATS_NEARLY_FULL'
  | 'ALLOWANCE_NEARLY_USED'
  | 'LIMIT_NEARLY_REACHED'
  | 'FEATURE_WANTED'
  | 'TRIAL_ENDING'
  | 'PLAN_CHEAPER_THAN_OVERAGE';

/** A rule that makes offers: data, which our own people change without a release. */
export interface OfferRule {
  /** Its name, capitals, digits and underscores. */
  readonly code: string;
  readonly condition: OfferCondition;
  readonly step: OfferedStep;
  /** Where its offers may be shown. */
  readonly placements: readonly string[];
  /** The highest is shown first; of equal ones the first by code. */
  readonly priority: number;
  /** The first instant at which it makes offers, and the first at which it no longer does; null for no end. */
  readonly activeFrom: Date;
  readonly activeUntil: Date | null;
}

/** A rule as it is stored: its version goes up with every change, from 1. */
export interface StoredOfferRule extends OfferRule {
  readonly version: number;
}

/** What each condition can lead to: what else would have nothing to count by. */
export const stepsOf: Readonly<Record<OfferCondition['kind'], readonly OfferedStep[]>> = {
  SEATS_USED: ['ADD_SEATS', 'NEXT_PLAN'],
  ALLOWANCE_USED: ['BUY_ALLOWANCE', 'NEXT_PLAN'],
  LIMIT_USED: ['RAISE_LIMIT', 'NEXT_PLAN'],
  FEATURE_WANTED: ['UNLOCK_FEATURE'],
  TRIAL_ENDING: ['CONVERT_TRIAL'],
  OVERAGE_DEARER: ['CHEAPER_PLAN'],
  ALWAYS: ['NEXT_PLAN'],
};

/** Why an offer of a rule is made: there is at most one offer for each. */
export function reasonOf({ condition }: Pick<OfferRule, 'condition'>): OfferReason {
  switch (condition.kind) {
    case 'SEATS_USED':
      return 'SEATS_NEARLY_FULL';
    case 'ALLOWANCE_USED':
      return 'ALLOWANCE_NEARLY_USED';
    case 'LIMIT_USED':
      return 'LIMIT_NEARLY_REACHED';
    case 'FEATURE_WANTED':
      return 'FEATURE_WANTED';
    case 'TRIAL_ENDING':
      return 'TRIAL_ENDING';
    case 'OVERAGE_DEARER':
      return 'PLAN_CHEAPER_THAN_OVERAGE';
    case 'ALWAYS':
      return 'NEXT_PLAN';
    default:
      return assertNever(condition);
  }
}

/** True while a rule makes offers: from its first instant up to, not including, its end. */
export function isActive({ activeFrom, activeUntil }: OfferRule, at: Date): boolean {
  return activeFrom <= at && (activeUntil === null || at < activeUntil);
}

/**
 * The rules that may make offers at a placement (null: at any) at an instant, in the order in which their offers are
 * shown.
 */
export function rulesFor(rules: readonly OfferRule[], placement: string | null, at: Date): OfferRule[] {
  return rules
    .filter((rule) => isActive(rule, at) && (placement === null || rule.placements.includes(placement)))
    .toSorted((left, right) => right.priority - left.priority || (left.code < right.code ? -1 : 1));
}

/** The next instant at which a rule begins or ends; null when none does. */
export function nextRuleChange(rules: readonly OfferRule[], at: Date): Date | null {
  const [next] = rules
    .flatMap(({ activeFrom, activeUntil }) => [activeFrom, activeUntil])
    .filter((instant) => instant !== null && instant > at)
    .toSorted((left, right) => Number(left) - Number(right));
  return next ?? null;
}
