import { assertNever, err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { type NumberRange, numberError } from '../order/number.js';
import { type OfferError, offerError } from './errors.js';
import { offerName } from './offer-id.js';
import { type OfferCondition, type OfferedStep, type OfferRule, stepsOf } from './rule.js';

const thresholds = ['percent', 'times', 'withinDays', 'daysBefore'] as const;
type Threshold = (typeof thresholds)[number];

/** A condition as it is asked for: the thresholds of its kind. */
export type OfferConditionInput = { readonly kind: OfferCondition['kind'] } & {
  readonly [T in Threshold]?: number | null;
};

/** A rule as it is asked for. */
export interface OfferRuleInput {
  readonly code: string;
  readonly condition: OfferConditionInput;
  readonly step: OfferedStep;
  readonly placements: readonly string[];
  readonly priority: number;
  readonly activeFrom?: Date | null;
  readonly activeUntil?: Date | null;
}

const ranges: Readonly<Record<Threshold, NumberRange>> = {
  percent: { minimum: 1, maximum: 100 },
  times: { minimum: 1, maximum: 1_000 },
  withinDays: { minimum: 1, maximum: 365 },
  daysBefore: { minimum: 1, maximum: 90 },
};

/** What each kind has to be told. */
const thresholdsOf: Readonly<Record<OfferCondition['kind'], readonly Threshold[]>> = {
  SEATS_USED: ['percent'],
  ALLOWANCE_USED: ['percent'],
  LIMIT_USED: ['percent'],
  FEATURE_WANTED: ['times', 'withinDays'],
  TRIAL_ENDING: ['daysBefore'],
  OVERAGE_DEARER: [],
  ALWAYS: [],
};

const mostPlacements = 20;
const priorityRange: NumberRange = { minimum: 0, maximum: 1_000 };

/** The rule that is asked for, or all that is wrong with it. It begins `at` when nobody says. */
export function judgeOfferRule(input: OfferRuleInput, at: Date): Result<OfferRule, OfferError[]> {
  const { code, step, placements, priority, activeUntil = null } = input;
  const activeFrom = input.activeFrom ?? at;
  const condition = readCondition(input.condition);
  const errors = [
    offerName.test(code) ? null : nameError('code'),
    ...(condition.ok ? [] : condition.error),
    stepError(input.condition.kind, step),
    placementsError(placements),
    numberFault(priority, ['priority'], priorityRange),
    activeUntil === null || activeFrom < activeUntil
      ? null
      : offerError('INVALID_VALUE', ['activeUntil'], '`activeUntil` must be after `activeFrom`.'),
  ].filter((error) => error !== null);
  if (!condition.ok || errors.length > 0) return err(errors);
  const unique = [...new Set(placements)];
  return ok({
    code,
    condition: condition.value,
    step,
    placements: unique,
    priority,
    activeFrom,
    activeUntil,
  });
}

function readCondition(input: OfferConditionInput): Result<OfferCondition, OfferError[]> {
  const wanted = thresholdsOf[input.kind];
  const errors = thresholds
    .map((name) => thresholdError(name, input, wanted.includes(name)))
    .filter((error) => error !== null);
  return errors.length > 0 ? err(errors) : ok(conditionOf(input));
}

function thresholdError(name: Threshold, input: OfferConditionInput, isWanted: boolean): OfferError | null {
  const field = ['condition', name];
  const value = input[name];
  if (!isWanted && value != null) {
    return offerError('INVALID_VALUE', field, `${input.kind} does not know \`${name}\`: leave it out.`);
  }
  if (isWanted && value == null) {
    return offerError('INVALID_VALUE', field, `${input.kind} needs \`${name}\`.`);
  }
  return numberFault(value, field, ranges[name]);
}

/** Of an input whose thresholds were checked. */
function conditionOf({ kind, percent, times, withinDays, daysBefore }: OfferConditionInput): OfferCondition {
  switch (kind) {
    case 'SEATS_USED':
    case 'ALLOWANCE_USED':
    case 'LIMIT_USED':
      return { kind, percent: percent ?? ranges.percent.maximum };
    case 'FEATURE_WANTED':
      return {
        kind,
        times: times ?? ranges.times.minimum,
        withinDays: withinDays ?? ranges.withinDays.maximum,
      };
    case 'TRIAL_ENDING':
      return { kind, daysBefore: daysBefore ?? ranges.daysBefore.maximum };
    case 'OVERAGE_DEARER':
    case 'ALWAYS':
      return { kind };
    default:
      return assertNever(kind);
  }
}

function stepError(kind: OfferCondition['kind'], step: OfferedStep): OfferError | null {
  const possible = stepsOf[kind];
  if (possible.includes(step)) return null;
  return offerError('STEP_INVALID', ['step'], `${kind} leads to one of: ${possible.join(', ')}.`);
}

function placementsError(placements: readonly string[]): OfferError | null {
  if (placements.length < 1 || placements.length > mostPlacements) {
    return offerError('INVALID_VALUE', ['placements'], `Give 1 to ${mostPlacements} placements.`);
  }
  return placements.every((name) => offerName.test(name)) ? null : nameError('placements');
}

function nameError(field: string): OfferError {
  const message = `\`${field}\` must have 1 to 64 capitals, digits and underscores, a capital first.`;
  return offerError('INVALID_VALUE', [field], message);
}

function numberFault(
  value: number | null | undefined,
  field: readonly string[],
  range: NumberRange,
): OfferError | null {
  const error = numberError(value, field, range);
  return error === null ? null : offerError('INVALID_VALUE', field, error.message);
}
