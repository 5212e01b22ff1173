import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import {
  addDays,
  compareDates,
  type LocalDate,
  localDate,
  localDateAt,
  startOfDay,
} from '@fulfillment/kernel/domain/calendar';
import type { Result } from '@fulfillment/kernel/domain/result';
import type { Account } from '../../src/domain/account.js';
import { type BilledLine, taxed } from '../../src/domain/billed-line.js';
import { type DueBill, dueWork } from '../../src/domain/due-work.js';
import {
  billingDayOf,
  type Fulfillment,
  type FulfillmentFacts,
  fulfillOrder,
  type HeldContract,
} from '../../src/domain/fulfillment.js';
import type { PlacedOrder } from '../../src/domain/placed-order.js';
import type { Refusal } from '../../src/domain/refusal.js';
import { headOf, type SubscriptionVersion } from '../../src/domain/subscription.js';
import { foreseeSeats } from '../../src/domain/reconciliation/foresee.js';
import type { JudgedBy } from '../../src/domain/reconciliation/judged-days.js';
import type { AgreedMode, ReconciliationMode } from '../../src/domain/reconciliation/mode.js';
import { termOf } from '../../src/domain/reconciliation/reconciliation-day.js';
import { type Preview, previewOf, subscriptionId } from './preview.js';
import { actionOf } from './any-step.js';
import type { Moment, Scenario, Step } from './scenario.js';
import {
  daysToSettle,
  type SeatPreview,
  type SeatReport,
  settle,
  settledDay,
  type Settlement,
  termsOf,
  usageOf,
} from './seats.js';

/** What became of an order, with all that decided it. */
export interface Attempt extends Preview {
  /** What it met: the subscription brought up to the order's day, unless the order creates it. */
  readonly facts: FulfillmentFacts;
  readonly at: Date;
  readonly outcome: Result<Fulfillment, Refusal>;
  /** True when nothing came in between: it met the very subscription that it was priced on. */
  readonly metAsPriced: boolean;
}

/** One run of what falls due by itself, from where it began. */
export interface DueRun {
  readonly before: HeldContract;
  readonly through: LocalDate;
  readonly at: Date;
}

/** A subscription's whole life, as the services live it. */
export interface History {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly versions: readonly SubscriptionVersion[];
  /** Every line that was billed, in the order in which it was. */
  readonly lines: readonly BilledLine[];
  readonly bills: readonly DueBill[];
  readonly attempts: readonly Attempt[];
  readonly runs: readonly DueRun[];
  readonly settlements: readonly Settlement[];
  /** What was charged at the ends of terms for seats that were used beyond those agreed. */
  readonly trueUps: readonly TrueUp[];
  readonly seatPreviews: readonly SeatPreview[];
  /** How it stands in the end, with all done that fell due by `today`. */
  readonly end: HeldContract;
  readonly today: LocalDate;
  readonly now: Date;
}

/** The lines of a true-up, and what brought them about. */
export interface TrueUp {
  readonly settlement: Settlement;
  readonly lines: readonly BilledLine[];
}

interface WaitingOrder {
  readonly preview: Preview;
  readonly pricedOn: HeldContract;
  readonly on: LocalDate;
}

/** A history while it is lived: the one thing here that changes. */
interface Life {
  readonly scenario: Scenario;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly rate: TaxRate;
  readonly versions: SubscriptionVersion[];
  readonly lines: BilledLine[];
  readonly bills: DueBill[];
  readonly attempts: Attempt[];
  readonly runs: DueRun[];
  readonly reports: SeatReport[];
  readonly agreedModes: AgreedMode[];
  readonly settlements: Settlement[];
  readonly trueUps: TrueUp[];
  readonly seatPreviews: SeatPreview[];
  waiting: WaitingOrder[];
  held: HeldContract | null;
  now: Date;
}

/** Lives a scenario: orders are previewed, taken, kept for their day and carried out; what falls due is done by itself. */
export function liveHistory(scenario: Scenario): History {
  const life = beginLife(scenario);
  create(life);
  for (const step of scenario.steps) takeStep(life, step);
  const last = life.waiting
    .map(({ on }) => on)
    .toSorted()
    .at(-1);
  if (last !== undefined) goTo(life, last);
  goTo(life, addDays(todayOf(life), 40));
  runDue(life);
  const { accounts, versions, lines, bills, attempts, runs, settlements, trueUps, seatPreviews, now } = life;
  const lived = { accounts, versions, lines, bills, attempts, runs, settlements, trueUps, seatPreviews };
  return { ...lived, end: heldBy(life), today: todayOf(life), now };
}

function beginLife(scenario: Scenario): Life {
  const { agreement, timeZone, otherTimeZone, taxRate, datedBack, reconciliation: mode } = scenario;
  const from = localDate('2000-01-01');
  return {
    scenario,
    accounts: new Map([
      ['first', accountOf('first', timeZone, agreement)],
      ['other', accountOf('other', otherTimeZone, agreement)],
    ]),
    rate: { rate: taxRate, jurisdiction: 'US', reason: 'DOMESTIC' },
    versions: [],
    lines: [],
    bills: [],
    attempts: [],
    runs: [],
    reports: [],
    agreedModes: ['first', 'other'].map((accountId) => ({ accountId, from, mode })),
    settlements: [],
    trueUps: [],
    seatPreviews: [],
    waiting: [],
    held: null,
    now: lateOn(addDays(agreement.term.startDate, datedBack), timeZone),
  };
}

function create(life: Life): void {
  const { agreement } = life.scenario;
  const action: AgreementAction = { kind: 'CREATE_SUBSCRIPTION', agreement };
  carryOut(life, order(life, agreement.term.startDate, [() => action]), null);
  runDue(life);
}

function takeStep(life: Life, { until, isRun, dated, delay, actions, users, terms }: Step): void {
  goTo(life, momentOf(life, until));
  if (terms !== null) agreeOn(life, terms.mode);
  if (users !== null) reportSeats(life, { day: addDays(todayOf(life), -users.daysAgo), users: users.count });
  if (isRun) runDue(life);
  const held = heldBy(life);
  const on = momentOf(life, dated);
  const preview = order(
    life,
    on,
    actions.map((draft) => (agreement) => actionOf(draft, agreement ?? held.head.agreement, on)),
  );
  if (preview.refusal === null) takeOrder(life, preview, held, delay);
  else life.attempts.push(attempt(life, preview, held, held));
  runDue(life);
}

/** Orders takes it; subscriptions carries it out at once, on its day, or when it comes. */
function takeOrder(life: Life, preview: Preview, pricedOn: HeldContract, delay: number): void {
  const on = latest(preview.order.effectiveDate, addDays(todayOf(life), delay));
  if (compareDates(on, todayOf(life)) > 0) life.waiting.push({ preview, pricedOn, on });
  else carryOut(life, preview, pricedOn);
}

function order(
  life: Life,
  on: LocalDate,
  actions: readonly ((agreement: Agreement | null) => AgreementAction)[],
): Preview {
  const { scenario, rate, now, held } = life;
  const id = `order-${life.attempts.length + life.waiting.length + 1}`;
  const accountId = ownerOf(life).id;
  return previewOf({ id, on, today: todayOf(life), now, actions, accountId, rate }, scenario.agreement, held);
}

/** Carries an order out as subscriptions does: first what fell due up to its day, then the order, all of it or nothing. */
function carryOut(life: Life, preview: Preview, pricedOn: HeldContract | null): void {
  const through = billingDayOf(preview.order, accountNamed(life, preview.order.accountId).billingTimeZone);
  if (life.held !== null) continueTo(life, through, true);
  const done = attempt(life, preview, life.held, pricedOn);
  life.attempts.push(done);
  if (done.outcome.ok) keep(life, preview.order, through, done.outcome.value);
}

function attempt(
  life: Life,
  preview: Preview,
  held: HeldContract | null,
  pricedOn: HeldContract | null,
): Attempt {
  const soldTo = accountNamed(life, preview.order.accountId);
  const facts: FulfillmentFacts = {
    accounts: { soldTo, invoiceOwner: soldTo, known: life.accounts },
    held: new Map(held === null ? [] : [[subscriptionId, held]]),
    seatsSettledUntil: new Map(seatsSettledUntil(life).map((day) => [subscriptionId, day])),
  };
  const through = billingDayOf(preview.order, soldTo.billingTimeZone);
  return {
    ...preview,
    facts,
    at: life.now,
    outcome: fulfillOrder(preview.order, facts, life.now),
    metAsPriced: held?.head === pricedOn?.head && isBilledThrough(held, through),
  };
}

function isBilledThrough(held: HeldContract | null, day: LocalDate): boolean {
  return held === null || held.billedUntil === billedUntil(held.head.agreement, day);
}

function keep(life: Life, order: PlacedOrder, through: LocalDate, { created, changed }: Fulfillment): void {
  for (const { versions } of [...created, ...changed]) {
    life.versions.push(...versions);
    const head = headOf(versions);
    const identity = life.held ?? { id: subscriptionId, number: 'S-1', deployment, currency: order.currency };
    life.held = { ...identity, head, billedUntil: billedUntil(head.agreement, through) };
  }
  life.lines.push(...order.charges);
}

const deployment = { id: 'one', kind: 'SAAS_NAMESPACE', externalId: '1', name: 'One' } as const;

function runDue(life: Life): void {
  const through = todayOf(life);
  life.runs.push({ before: heldBy(life), through, at: life.now });
  continueTo(life, through, false);
  settleSeats(life);
}

/** Something else is agreed with whoever has the subscription, of what is used from the day (UTC) on. */
function agreeOn(life: Life, mode: ReconciliationMode | null): void {
  const { accountId } = heldBy(life).head;
  life.agreedModes.push({ accountId, from: localDateAt(life.now, 'UTC'), mode });
}

/** The last day up to which seats were charged by a true-up, if any were. */
function seatsSettledUntil({ trueUps }: Life): LocalDate[] {
  return trueUps.map(({ settlement }) => settlement.day.on).slice(-1);
}

/** Licenses tells how seats are used; whoever asks is shown what the next day of reconciliation will bill. */
function reportSeats(life: Life, report: SeatReport): void {
  life.reports.push(report);
  const { startDate } = heldBy(life).head.agreement.term;
  const term = termOf(life.versions, startDate);
  if (term === null) return;
  const usage = usageOf(term.period, life.reports);
  const by = judgedBy(life, startDate);
  const from = life.settlements.findLast((one) => one.term.start === startDate)?.day.on ?? startDate;
  const utcDay = localDateAt(life.now, 'UTC');
  const { due, without } = foreseeSeats({
    ...by,
    subscriptionId,
    kept: { ...usage, reconcileOn: from },
    addUsers: 1,
    utcDay,
    localDay: todayOf(life),
  });
  // On the end of a term that is not renewed nothing more is billed for who comes then.
  if (compareDates(due, utcDay) > 0) life.seatPreviews.push({ usage, due, by, outcome: without });
}

function judgedBy({ versions, agreedModes, settlements }: Life, start: LocalDate): JudgedBy {
  const ofTerm = settlements.filter(({ term }) => term.start === start);
  return {
    history: [...versions],
    deploymentKind: deployment.kind,
    agreedModes: [...agreedModes],
    settled: ofTerm.map(settledDay).filter((day) => day !== null),
  };
}

/** Settles each day of reconciliation that has come and was not settled before. A true-up changes nothing that was agreed. */
function settleSeats(life: Life): void {
  const today = todayOf(life);
  for (const start of termsOf(life.versions)) {
    for (;;) {
      const term = termOf(life.versions, start)?.period;
      const dealtWith = life.settlements.filter((one) => one.term.start === start).map(({ day }) => day.on);
      const [day] = daysToSettle(life.versions, start, { dealtWith, today });
      if (day === undefined || term === undefined) break;
      const usage = usageOf(term, life.reports);
      const held = heldBy(life);
      const settling = { by: judgedBy(life, start), usage, term, day, on: today, at: life.now };
      const { settlement, version } = settle(held.head, settling);
      life.settlements.push(settlement);
      keepSettled(life, settlement, version);
    }
  }
}

function keepSettled(life: Life, settlement: Settlement, version: SubscriptionVersion | null): void {
  const { outcome } = settlement;
  if (outcome === null || outcome.seats === 0) return;
  const lines = outcome.lines.map((line) => taxed(subscriptionId, line, life.rate));
  if (version === null) {
    life.trueUps.push({ settlement, lines });
    return;
  }
  life.versions.push(version);
  life.lines.push(...lines);
  life.held = { ...heldBy(life), head: version, billedUntil: billedUntil(version.agreement, todayOf(life)) };
}

function continueTo(life: Life, through: LocalDate, beforeTermEnd: boolean): void {
  const before = heldBy(life);
  const { head, billedUntil, versions, bills } = dueWork(before, { through, beforeTermEnd, at: life.now });
  life.versions.push(...versions);
  life.bills.push(...bills);
  life.lines.push(
    ...bills.flatMap(({ lines }) => lines.map((line) => taxed(subscriptionId, line, life.rate))),
  );
  life.held = { ...before, head, billedUntil };
}

/** The clock goes on, and stops wherever an order waits. It never goes back, and three years at once are enough. */
function goTo(life: Life, day: LocalDate): void {
  const target = earliest(day, addDays(todayOf(life), 1_100));
  const due = life.waiting.filter(({ on }) => compareDates(on, target) <= 0);
  life.waiting = life.waiting.filter((one) => !due.includes(one));
  for (const { preview, pricedOn, on } of due.toSorted((left, right) => compareDates(left.on, right.on))) {
    setClock(life, on);
    // An order for its day goes before what falls due on it; one that merely lay about does not.
    if (preview.order.effectiveDate !== on) runDue(life);
    carryOut(life, preview, pricedOn);
    runDue(life);
  }
  setClock(life, target);
}

function setClock(life: Life, day: LocalDate): void {
  const instant = lateOn(day, ownerOf(life).billingTimeZone);
  if (instant > life.now) life.now = instant;
}

/** An hour before the end of a day: another day in most other time zones. */
function lateOn(day: LocalDate, timeZone: string): Date {
  return new Date(startOfDay(addDays(day, 1), timeZone).getTime() - 3_600_000);
}

function momentOf(life: Life, { kind, days }: Moment): LocalDate {
  const { head, billedUntil } = heldBy(life);
  const today = todayOf(life);
  switch (kind) {
    case 'DAYS':
      return addDays(today, days);
    case 'BOUNDARY':
      return addDays(billedUntil, days);
    case 'TERM_END':
      return addDays(head.agreement.term.endDate, days);
    case 'NEWEST':
      return addDays(head.effectiveOn, days);
    case 'PAST':
      return latest(head.effectiveOn, addDays(today, -days));
  }
}

function heldBy({ held }: Life): HeldContract {
  if (held === null) throw new Error('The first order of a scenario can always be carried out');
  return held;
}

function todayOf(life: Life): LocalDate {
  return localDateAt(life.now, ownerOf(life).billingTimeZone);
}

function ownerOf(life: Life): Account {
  return accountNamed(life, life.held?.head.accountId ?? 'first');
}

function accountNamed({ accounts }: Life, id: string): Account {
  const found = accounts.get(id);
  if (found === undefined) throw new Error(`There is no account ${id}`);
  return found;
}

function accountOf(id: string, billingTimeZone: string, { currency }: Agreement): Account {
  const rest = { countryCode: 'US', legalEntityCode: 'US', paymentTermsDays: 30, sandbox: false };
  return { id, name: id, billingTimeZone, currency, ...rest };
}

function latest(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) >= 0 ? left : right;
}

function earliest(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) <= 0 ? left : right;
}
