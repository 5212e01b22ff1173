import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { billingAnchor } from '@fulfillment/kernel/domain/agreement/alignment';
import { addDays, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { reconciliationModes } from '../../src/domain/reconciliation/mode.js';
import { anyAddOn, anyPeriod, anyPlan } from './any-agreement.js';
import type { ActionDraft, Moment, Step } from './scenario.js';

type Kind = AgreementAction['kind'];

const ofPaid: readonly Kind[] = [
  'CHANGE_QUANTITY',
  'CHANGE_QUANTITY',
  'CHANGE_PLAN',
  'ADD_PRODUCT',
  'REMOVE_PRODUCT',
  'SUSPEND',
  'CHANGE_TERMS',
];
const ofSuspended: readonly Kind[] = ['RESUME'];
const ofTrial: readonly Kind[] = ['CONVERT_TRIAL', 'CONVERT_TRIAL', 'EXTEND_TRIAL'];
const ofAny: readonly Kind[] = ['CANCEL', 'TRANSFER_OWNER', 'RENEW', 'CREATE_SUBSCRIPTION'];

/** Any action; five of six times one that is possible at all as the subscription stands. */
export const anyDraft: fc.Arbitrary<ActionDraft> = fc.record({
  kind: fc.constantFrom<Kind[]>(...ofPaid, ...ofTrial, ...ofAny, ...ofSuspended),
  fits: fc.constantFrom(true, true, true, true, true, false),
  plan: anyPlan,
  addOn: anyAddOn,
  pick: fc.nat(3),
  quantity: fc.integer({ min: 1, max: 60 }),
  days: fc.oneof(fc.constant(0), fc.integer({ min: -3, max: 90 })),
  months: fc.integer({ min: 1, max: 26 }),
  flag: fc.boolean(),
  period: anyPeriod,
});

const nearby = fc.integer({ min: -1, max: 1 });

/** Some days later, or right before, on or right after a day on which something happens by itself. */
const anyUntil: fc.Arbitrary<Moment> = fc.oneof(
  fc.record({ kind: fc.constant('DAYS' as const), days: fc.oneof(fc.nat(1), fc.nat(45)) }),
  fc.record({
    kind: fc.constantFrom('BOUNDARY' as const, 'BOUNDARY' as const, 'TERM_END' as const),
    days: nearby,
  }),
);

/** Mostly the day itself, else a day in the past or in the future. */
const anyDated: fc.Arbitrary<Moment> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Moment>({ kind: 'DAYS', days: 0 }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('PAST' as const), days: fc.nat(70) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('DAYS' as const), days: fc.integer({ min: -30, max: 40 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('BOUNDARY' as const, 'TERM_END' as const, 'NEWEST' as const),
      days: nearby,
    }),
  },
);

export const anyStep: fc.Arbitrary<Step> = fc.record({
  until: anyUntil,
  isRun: fc.boolean(),
  dated: anyDated,
  delay: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
  users: fc.option(
    fc.record({ count: fc.integer({ min: 0, max: 80 }), daysAgo: fc.oneof(fc.constant(0), fc.nat(120)) }),
  ),
  terms: fc.option(fc.record({ mode: fc.constantFrom(...reconciliationModes, null) }), { freq: 3 }),
  actions: fc.oneof(
    { weight: 3, arbitrary: fc.array(anyDraft, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(anyDraft, { minLength: 2, maxLength: 3 }) },
  ),
});

/** What a draft asks for, of an agreement as it stands on the order's day. */
export function actionOf(draft: ActionDraft, present: Agreement, on: LocalDate): AgreementAction {
  const { plan, addOn, pick, quantity, days, months, flag } = draft;
  const productCode = (present.items[pick % present.items.length] ?? plan).productCode;
  const when = flag ? 'NOW' : 'RENEWAL';
  const kind = draft.fits ? fittingKind(draft, present, on) : draft.kind;
  switch (kind) {
    case 'CREATE_SUBSCRIPTION':
      return { kind, agreement: present };
    case 'ADD_PRODUCT':
      return { kind, item: addOn };
    case 'CHANGE_QUANTITY':
      return { kind, productCode, quantity, when };
    case 'CHANGE_PLAN':
      return { kind, item: plan, direction: pick === 0 ? 'DOWNGRADE' : 'UPGRADE', when };
    case 'REMOVE_PRODUCT':
      return { kind, productCode, when };
    case 'RENEW':
      return { kind, termMonths: flag ? months : null, quantities: flag ? [{ productCode, quantity }] : [] };
    case 'CANCEL':
      return { kind, on: flag ? addDays(on, days) : null };
    case 'TRANSFER_OWNER':
      return { kind, accountId: flag ? 'other' : 'first' };
    case 'CHANGE_TERMS':
      return changeTerms(draft);
    case 'EXTEND_TRIAL':
      return { kind, endDate: addDays(present.term.endDate, days) };
    case 'CONVERT_TRIAL': {
      const anchor = billingAnchor(flag ? 'CALENDAR' : 'ANNIVERSARY', present.billing.period, on);
      return { kind, termMonths: months, autoRenewal: pick > 0, billingAnchor: anchor };
    }
    case 'SUSPEND':
    case 'RESUME':
      return { kind };
  }
}

function changeTerms({ pick, months, flag, period }: ActionDraft): AgreementAction {
  return {
    kind: 'CHANGE_TERMS',
    termMonths: pick < 2 ? months : null,
    autoRenewal: pick === 1 ? flag : null,
    billingPeriod: pick === 2 || flag ? period : null,
    upliftPercent: pick === 3 ? '2.5' : null,
    decreaseAtOnce: pick === 3 ? flag : null,
  };
}

/** The draft's own kind, or one that is possible as the subscription stands. */
function fittingKind({ kind, pick }: ActionDraft, present: Agreement, on: LocalDate): Kind {
  if (on === present.term.endDate) return present.trial ? 'CONVERT_TRIAL' : 'RENEW';
  const possible = present.trial ? ofTrial : present.suspendedOn === null ? ofPaid : ofSuspended;
  if (possible.includes(kind) || kind === 'CANCEL' || kind === 'TRANSFER_OWNER') return kind;
  return possible[pick % possible.length] ?? kind;
}
