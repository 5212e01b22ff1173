import { assertNever, err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { AccountSegment } from '../account/account.js';
import { offerName } from '../offers/offer-id.js';
import type { FieldPath } from '../order/errors.js';
import { type LeadError, leadError } from './errors.js';
import { lineError, numberFault, ownerLength, seatsRange } from './judge.js';
import type { AssignmentRule, LeadPolicy, ScoreCondition, ScoreRule } from './policy.js';
import type { LeadRegion } from './region.js';

/** A rule of the score as it is asked for. */
export interface ScoreRuleInput {
  readonly code: string;
  readonly kind: ScoreCondition['kind'];
  readonly segment?: AccountSegment | null;
  readonly seats?: number | null;
  readonly points: number;
  readonly reason: string;
}

/** A policy as it is asked for. */
export interface LeadPolicyInput {
  readonly scoring: readonly ScoreRuleInput[];
  readonly assignment: readonly {
    readonly region?: LeadRegion | null;
    readonly segment?: AccountSegment | null;
    readonly owner: string;
  }[];
  readonly defaultOwner: string;
}

const mostScoreRules = 50;
const mostAssignmentRules = 100;
const pointsRange = { minimum: -1_000, maximum: 1_000 };
const reasonLength = { minimum: 1, maximum: 255 };

/** The policy that is asked for, or all that is wrong with it. */
export function judgeLeadPolicy(input: LeadPolicyInput): Result<LeadPolicy, LeadError[]> {
  const { scoring, assignment, defaultOwner } = input;
  const counts = [
    countError(scoring.length, 'scoring', 1, mostScoreRules),
    countError(assignment.length, 'assignment', 0, mostAssignmentRules),
  ].filter((error) => error !== null);
  if (counts.length > 0) return err(counts);
  const rules = scoring.map((rule, index) => readScoreRule(rule, ['scoring', index]));
  const errors = [
    ...rules.flatMap((rule) => (rule.ok ? [] : rule.error)),
    ...repeatedErrors(scoring),
    ...assignment.map(({ owner }, index) =>
      lineError(owner, 'owner', ownerLength, ['assignment', index, 'owner']),
    ),
    lineError(defaultOwner, 'defaultOwner', ownerLength),
  ].filter((error) => error !== null);
  if (errors.length > 0) return err(errors);
  return ok({
    scoring: rules.flatMap((rule) => (rule.ok ? [rule.value] : [])),
    assignment: assignment.map(({ region = null, segment = null, owner }): AssignmentRule => ({
      region,
      segment,
      owner,
    })),
    defaultOwner,
  });
}

function readScoreRule(input: ScoreRuleInput, field: FieldPath): Result<ScoreRule, LeadError[]> {
  const { code, points, reason } = input;
  const condition = readCondition(input, field);
  const errors = [
    offerName.test(code) ? null : codeError([...field, 'code']),
    ...(condition.ok ? [] : condition.error),
    numberFault(points, [...field, 'points'], pointsRange),
    lineError(reason, 'reason', reasonLength, [...field, 'reason']),
  ].filter((error) => error !== null);
  return condition.ok && errors.length === 0
    ? ok({ code, condition: condition.value, points, reason })
    : err(errors);
}

function readCondition(input: ScoreRuleInput, field: FieldPath): Result<ScoreCondition, LeadError[]> {
  const { kind, segment = null, seats = null } = input;
  const unknown = [
    ...(segment !== null && kind !== 'SEGMENT' ? [unasked(kind, [...field, 'segment'])] : []),
    ...(seats !== null && kind !== 'SEATS_AT_LEAST' ? [unasked(kind, [...field, 'seats'])] : []),
  ];
  if (unknown.length > 0) return err(unknown);
  switch (kind) {
    case 'SEGMENT':
      return segment === null ? err([needed(kind, [...field, 'segment'])]) : ok({ kind, segment });
    case 'SEATS_AT_LEAST': {
      if (seats === null) return err([needed(kind, [...field, 'seats'])]);
      const fault = numberFault(seats, [...field, 'seats'], seatsRange);
      return fault === null ? ok({ kind, seats }) : err([fault]);
    }
    case 'SALES_REQUESTED':
    case 'TRIAL_STARTED':
    case 'FEATURE_WANTED':
    case 'SOLD_BY_PARTNER':
      return ok({ kind });
    default:
      return assertNever(kind);
  }
}

function needed(kind: string, field: FieldPath): LeadError {
  return leadError('INVALID_VALUE', field, `${kind} needs \`${field.at(-1)}\`.`);
}

function unasked(kind: string, field: FieldPath): LeadError {
  return leadError('INVALID_VALUE', field, `${kind} does not know \`${field.at(-1)}\`: leave it out.`);
}

function codeError(field: FieldPath): LeadError {
  const message = '`code` must have 1 to 64 capitals, digits and underscores, a capital first.';
  return leadError('INVALID_VALUE', field, message);
}

function repeatedErrors(scoring: readonly ScoreRuleInput[]): LeadError[] {
  const codes = scoring.map(({ code }) => code);
  return codes.flatMap((code, index) =>
    codes.indexOf(code) === index
      ? []
      : [leadError('INVALID_VALUE', ['scoring', index, 'code'], 'Give each code once.')],
  );
}

function countError(count: number, name: string, least: number, most: number): LeadError | null {
  if (count >= least && count <= most) return null;
  return leadError('INVALID_VALUE', [name], `Give ${least} to ${most} rules.`);
}
