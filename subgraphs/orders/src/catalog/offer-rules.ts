import type { OfferRule } from '../domain/offers/rule.js';

const since = { activeFrom: new Date('2026-01-01T00:00:00.000Z'), activeUntil: null } as const;

/**
 * The rules that a new installation begins with. They are stored at the first start; what our own people change of
 * them later stays.
 */
export const startingOfferRules: readonly OfferRule[] = [
  {
    code: 'TRIAL_LAST_DAYS',
    condition: { kind: 'TRIAL_ENDING', daysBefore: 7 },
    step: 'CONVERT_TRIAL',
    placements: ['HOME', 'BILLING', 'TRIAL'],
    priority: 900,
    ...since,
  },
  {
    code: 'CHEAPER_PLAN',
    condition: { kind: 'OVERAGE_DEARER' },
    step: 'CHEAPER_PLAN',
    placements: ['HOME', 'BILLING', 'SEATS', 'USAGE'],
    priority: 800,
    ...since,
  },
  {
    code: 'SEATS_OVER_80',
    condition: { kind: 'SEATS_USED', percent: 80 },
    step: 'ADD_SEATS',
    placements: ['HOME', 'BILLING', 'SEATS'],
    priority: 700,
    ...since,
  },
  {
    code: 'ALLOWANCE_OVER_80',
    condition: { kind: 'ALLOWANCE_USED', percent: 80 },
    step: 'BUY_ALLOWANCE',
    placements: ['HOME', 'BILLING', 'USAGE'],
    priority: 600,
    ...since,
  },
  {
    code: 'LIMIT_OVER_80',
    condition: { kind: 'LIMIT_USED', percent: 80 },
    step: 'RAISE_LIMIT',
    placements: ['HOME', 'BILLING', 'USAGE'],
    priority: 550,
    ...since,
  },
  {
    code: 'LOCKED_FEATURE_WANTED',
    condition: { kind: 'FEATURE_WANTED', times: 1, withinDays: 30 },
    step: 'UNLOCK_FEATURE',
    placements: ['HOME', 'BILLING', 'FEATURE'],
    priority: 500,
    ...since,
  },
  {
    code: 'NEXT_PLAN',
    condition: { kind: 'ALWAYS' },
    step: 'NEXT_PLAN',
    placements: ['HOME', 'BILLING', 'SEATS', 'USAGE', 'FEATURE'],
    priority: 100,
    ...since,
  },
];
