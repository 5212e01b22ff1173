import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { planOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { SubscriptionVersion } from '../subscription.js';

/**
 * What becomes of seats that are used beyond those bought. QUARTERLY: after each quarter but the last they are bought for the rest of
 * the term. TRUE_UP: at the end of the term they are charged for all of it. OFF: nothing is ever charged.
 */
export const reconciliationModes = ['QUARTERLY', 'TRUE_UP', 'OFF'] as const;
export type ReconciliationMode = (typeof reconciliationModes)[number];

/** What was agreed with an account about use beyond its seats, for its days (UTC, by which seats are counted) from one on. */
export interface AgreedMode {
  readonly accountId: string;
  readonly from: LocalDate;
  /** Null from a day on which the rules decide again. */
  readonly mode: ReconciliationMode | null;
}

/** By what it is decided. */
export interface ReconciliationFacts {
  readonly planCode: string;
  readonly seats: number;
  /** Null for a trial. */
  readonly termMonths: number | null;
  readonly deploymentKind: DeploymentKind;
  readonly channel: 'DIRECT' | 'PARTNER';
}

/** One rule: what is left out holds for all. */
export interface ReconciliationRule {
  readonly planCodes?: readonly string[];
  readonly channel?: ReconciliationFacts['channel'];
  readonly deploymentKinds?: readonly DeploymentKind[];
  readonly minimumSeats?: number;
  /** Terms of at least so many months. */
  readonly minimumTermMonths?: number;
  readonly mode: ReconciliationMode;
}

/** The first rule that holds decides; none: OFF. */
export type ReconciliationRules = readonly ReconciliationRule[];

/**
 * What holds where nothing else was agreed with the account: seats through a partner are settled with the partner at the renewal, as
 * are those of a deal over several years and of a tenant of one's own; everybody else's after each quarter.
 */
export const defaultReconciliationRules: ReconciliationRules = [
  { channel: 'PARTNER', mode: 'TRUE_UP' },
  { deploymentKinds: ['DEDICATED_TENANT'], mode: 'TRUE_UP' },
  { minimumTermMonths: 13, mode: 'TRUE_UP' },
  { mode: 'QUARTERLY' },
];

/**
 * How a subscription is reconciled.
 * @param agreed what the account's terms say; null when they say nothing and the rules decide
 */
export function reconciliationModeOf(
  facts: ReconciliationFacts,
  agreed: ReconciliationMode | null,
  rules: ReconciliationRules = defaultReconciliationRules,
): ReconciliationMode {
  if (facts.termMonths === null) return 'OFF';
  return agreed ?? rules.find((rule) => holds(rule, facts, facts.termMonths ?? 0))?.mode ?? 'OFF';
}

function holds(rule: ReconciliationRule, facts: ReconciliationFacts, termMonths: number): boolean {
  return (
    (rule.planCodes?.includes(facts.planCode) ?? true) &&
    (rule.channel === undefined || rule.channel === facts.channel) &&
    (rule.deploymentKinds?.includes(facts.deploymentKind) ?? true) &&
    facts.seats >= (rule.minimumSeats ?? 0) &&
    termMonths >= (rule.minimumTermMonths ?? 0)
  );
}

/** The facts of an agreement; a trial has no term that could be reconciled. */
function reconciliationFacts(
  { items, term, trial }: Agreement,
  deploymentKind: DeploymentKind,
  partnerId: string | null,
): ReconciliationFacts {
  const plan = planOf(items);
  return {
    planCode: plan.productCode,
    seats: plan.quantity,
    termMonths: trial ? null : term.months,
    deploymentKind,
    channel: partnerId === null ? 'DIRECT' : 'PARTNER',
  };
}

/**
 * How the use of a day is reconciled under the version that holds on it.
 * @param agreedModes in the order in which they were agreed: a later one replaces an earlier one from its own day on
 */
export function modeOn(
  day: LocalDate,
  { agreement, accountId, partnerOfRecordId }: SubscriptionVersion,
  {
    deploymentKind,
    agreedModes,
  }: { readonly deploymentKind: DeploymentKind; readonly agreedModes: readonly AgreedMode[] },
): ReconciliationMode {
  const agreed = agreedModes.findLast(
    (one) => one.accountId === accountId && compareDates(one.from, day) <= 0,
  );
  const facts = reconciliationFacts(agreement, deploymentKind, partnerOfRecordId);
  return reconciliationModeOf(facts, agreed?.mode ?? null);
}
