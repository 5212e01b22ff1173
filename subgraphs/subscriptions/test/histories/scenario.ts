import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { AgreedItem, Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { type ReconciliationMode, reconciliationModes } from '../../src/domain/reconciliation/mode.js';
import type { RecurringPeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import fc from 'fast-check';
import { anyAgreement } from './any-agreement.js';
import { anyDraft, anyStep } from './any-step.js';

/** A day that a history reaches, told by where its subscription then stands. */
export interface Moment {
  /**
   * From which day `days` are counted: from the present one, from the first day that is not billed yet, from the end of the
   * term, or from the first day of the newest version; PAST is so many days ago, but not before that first day.
   */
  readonly kind: 'DAYS' | 'BOUNDARY' | 'TERM_END' | 'NEWEST' | 'PAST';
  readonly days: number;
}

/** An action before it is known what it meets: what `actionOf` makes one of. */
export interface ActionDraft {
  readonly kind: AgreementAction['kind'];
  /** True when another kind takes its place where its own is not possible. */
  readonly fits: boolean;
  readonly plan: AgreedItem;
  readonly addOn: AgreedItem;
  /** Which of the products, where the action names one. */
  readonly pick: number;
  readonly quantity: number;
  readonly days: number;
  readonly months: number;
  readonly flag: boolean;
  readonly period: RecurringPeriod;
}

/** The clock goes on, and an order is placed. */
export interface Step {
  readonly until: Moment;
  /** False when nothing was done for a while: what fell due is done only with the order or after it. */
  readonly isRun: boolean;
  /** The day that the order is for. */
  readonly dated: Moment;
  /** Days for which the order lies about before it is carried out. */
  readonly delay: number;
  readonly actions: readonly ActionDraft[];
  /** What is told of the billable users, of that day or of some days before; null when nothing is. */
  readonly users: { readonly count: number; readonly daysAgo: number } | null;
  /** What is agreed of use beyond the seats from then on; null when nothing is. */
  readonly terms: { readonly mode: ReconciliationMode | null } | null;
}

/** Everything that a history follows from. */
export interface Scenario {
  readonly timeZone: string;
  /** Of the account to which the subscription may be given. */
  readonly otherTimeZone: string;
  /** Of the tax on every line, in per cent. */
  readonly taxRate: string;
  /** Days by which the first order is dated back. */
  readonly datedBack: number;
  readonly agreement: Agreement;
  /** What becomes of seats that are used beyond those bought, until something else is agreed. */
  readonly reconciliation: ReconciliationMode;
  readonly steps: readonly Step[];
}

/** With daylight saving by an hour and by half an hour, at midnight too, and with a day that never was. */
const anyTimeZone = fc.constantFrom(
  'America/Los_Angeles',
  'America/Sao_Paulo',
  'Europe/Berlin',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Apia',
);

/** Any agreement, and any sequence of orders on it, possible or not. */
export const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  timeZone: anyTimeZone,
  otherTimeZone: anyTimeZone,
  taxRate: fc.constantFrom('0', '7.25', '19', '25'),
  datedBack: fc.oneof(fc.constant(0), fc.nat(60)),
  agreement: anyAgreement,
  reconciliation: fc.constantFrom(...reconciliationModes),
  steps: fc.array(anyStep, { maxLength: 9, size: '+1' }),
});

/** Orders that are all dated for the first day, whenever they are placed, of which the last ends it on that day. */
export const anyEndOnFirstDay: fc.Arbitrary<Scenario> = fc
  .record({
    scenario: anyScenario.filter(({ agreement }) => agreement.billing.policy !== 'INCLUSIVE_DAYS'),
    drafts: fc.array(anyDraft, { maxLength: 5 }),
    last: anyDraft,
    days: fc.nat(50),
  })
  .map(({ scenario, drafts, last, days }) => ({
    ...scenario,
    agreement: endless(scenario.agreement),
    steps: [
      ...drafts.map((draft) => onFirstDay(days, goingOn(draft))),
      onFirstDay(days, { ...last, kind: 'CANCEL', fits: false, flag: true, days: 0 }),
    ],
  }));

/** Long enough that its first day is still a day of its first term when all orders were placed. */
function endless(agreement: Agreement): Agreement {
  const { term } = agreement;
  return {
    ...agreement,
    term: { ...term, endDate: `${Number(term.startDate.slice(0, 4)) + 3}-12-31` as typeof term.endDate },
  };
}

function goingOn(draft: ActionDraft): ActionDraft {
  const kind = draft.kind === 'CANCEL' ? 'CHANGE_QUANTITY' : draft.kind;
  return { ...draft, kind, months: draft.months + 12 };
}

function onFirstDay(days: number, draft: ActionDraft): Step {
  return {
    until: { kind: 'DAYS', days },
    isRun: true,
    dated: { kind: 'NEWEST', days: 0 },
    delay: 0,
    actions: [draft],
    users: null,
    terms: null,
  };
}
