import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import { type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { reconciliationFacts, reconciliationModeOf } from '../domain/reconciliation/mode.js';
import { type Reconciliation, reconcile } from '../domain/reconciliation/reconcile.js';
import { nextReconciliationDay, reconciliationInstant } from '../domain/reconciliation/seat-usage.js';
import { nextVersion, type SubscriptionVersion } from '../domain/subscription.js';
import {
  type Continued,
  continueContracts,
  keepContinued,
  type PurposeOfBill,
  toBills,
} from './contracts.js';
import { postOrKeep, takeDrafts } from './drafts.js';
import { DueWorkError } from './due-work-error.js';
import { postAll } from './post-bills.js';
import type { HeldSubscription, UnitOfWork } from './ports.js';
import type { ReconciliationTerms, ScheduledSeatUsage } from './reconciliation-ports.js';
import type { DueScope } from './run-due.js';

/**
 * Settles the seats that are used beyond those bought, of the terms for which a day of reconciliation has come, one day of each.
 * Doing it again bills nothing: what was settled is part of the history by then.
 * @returns how many terms it dealt with; 0 when nothing is due
 * @throws DueWorkError when it is known which subscription cannot be dealt with: always, where it took one alone
 */
export async function runReconciliations(work: UnitOfWork, scope: DueScope, now: Date): Promise<number> {
  const { reconciliations } = work;
  const due =
    scope.kind === 'EVERYBODY'
      ? await reconciliations.lockDue(now, scope.limit)
      : await reconciliations.lockDueOf(scope.accountId, now);
  const [only, ...others] = due;
  if (only === undefined) return 0;
  try {
    await settleAll(work, due, now);
  } catch (error) {
    if (error instanceof DueWorkError || others.length > 0) throw error;
    throw new DueWorkError(only.subscriptionId, error);
  }
  return due.length;
}

/** A term and its subscription, brought up to the day. */
interface Case {
  readonly usage: ScheduledSeatUsage;
  readonly continued: Continued;
  readonly outcome: Reconciliation | null;
  readonly on: LocalDate;
}

async function settleAll(work: UnitOfWork, due: readonly ScheduledSeatUsage[], now: Date): Promise<void> {
  const ids = [...new Set(due.map(({ subscriptionId }) => subscriptionId))];
  const held = await work.subscriptions.lock(ids);
  const continued = await continueContracts(work, held, ({ head }) => ({
    through: localDateAt(now, head.billingTimeZone),
    beforeTermEnd: false,
    at: now,
  }));
  const cases = await judge(work, due, continued, now);
  const settled = cases.filter(({ outcome }) => outcome !== null && outcome.seats > 0);
  await bill(work, settled, continued, now);
  for (const usage of due) await scheduleNext(work, usage, continued);
}

/** Two terms of one subscription may be due at once, after a long time without the service: the later one is next. */
async function judge(
  work: UnitOfWork,
  due: readonly ScheduledSeatUsage[],
  continued: readonly Continued[],
  now: Date,
): Promise<Case[]> {
  const subscriptions = new Map(continued.map((one) => [one.subscription.id, one]));
  const histories = await work.reconciliations.histories([...subscriptions.keys()]);
  const terms = await work.reconciliations.terms(
    continued.map(({ subscription }) => subscription.head.accountId),
  );
  const done = await work.reconciliations.settledOn(due);
  return due.flatMap((usage) => {
    const one = subscriptions.get(usage.subscriptionId);
    if (one === undefined || done.has(keyOf(usage))) return [];
    const history = [...(histories.get(usage.subscriptionId) ?? []), ...one.versions];
    const on = localDateAt(now, one.subscription.head.billingTimeZone);
    const mode = modeOf(one.subscription, history, usage, terms);
    const outcome = reconcile({ mode, usage, history, due: usage.reconcileOn, on });
    return [{ usage, continued: one, outcome, on }];
  });
}

function keyOf({ subscriptionId, term, reconcileOn }: ScheduledSeatUsage): string {
  return `${subscriptionId} ${term.start} ${reconcileOn}`;
}

/** By what was agreed in the very term that is settled: the head may be of the next one. */
function modeOf(
  { deployment, head }: HeldSubscription,
  history: readonly SubscriptionVersion[],
  { term }: ScheduledSeatUsage,
  terms: ReadonlyMap<string, ReconciliationTerms>,
) {
  const version = history.findLast(({ agreement }) => agreement.term.startDate === term.start) ?? head;
  const facts = reconciliationFacts(version.agreement, deployment.kind, version.partnerOfRecordId);
  return reconciliationModeOf(facts, terms.get(head.accountId)?.mode ?? null);
}

async function bill(
  work: UnitOfWork,
  cases: readonly Case[],
  continued: readonly Continued[],
  now: Date,
): Promise<void> {
  const versions = new Map(cases.flatMap((one) => versionOf(one, now)));
  const standing = continued.map((one) => {
    const version = versions.get(one.subscription.id);
    return version === undefined ? one : withVersion(one, version, now);
  });
  // A subscription for which nothing is to be written stays as it is.
  await keepContinued(
    work,
    standing.filter((one) => one.versions.length + one.bills.length > 0),
    now,
  );
  const billed = cases.filter(({ outcome }) => outcome !== null && outcome.lines.length > 0);
  const extra = await toBills(
    work,
    billed.flatMap((one) => purposeOf(one, versions)),
  );
  const documents = new Map(billed.map((one, index) => [one, extra[index]?.id ?? null]));
  await record(work, cases, documents, now);
  const drafts = await takeDrafts(
    work,
    billed.map(({ usage }) => usage.subscriptionId),
    now,
  );
  await postAll(work, drafts, now);
  await postOrKeep(work, [...continued.flatMap(({ bills }) => bills), ...extra], now);
}

function purposeOf(
  { outcome, on, usage: { subscriptionId } }: Case,
  versions: ReadonlyMap<string, SubscriptionVersion>,
): PurposeOfBill[] {
  if (outcome === null) return [];
  const { kind, lines } = outcome;
  const version = kind === 'QUARTERLY' ? (versions.get(subscriptionId) ?? outcome.version) : outcome.version;
  return [{ subscriptionId, bill: { on, lines, version }, purpose: kind }];
}

function versionOf({ outcome, continued, on }: Case, now: Date): [string, SubscriptionVersion][] {
  if (outcome === null || outcome.after === null) return [];
  const origin = {
    cause: 'RECONCILIATION' as const,
    orderId: null,
    recordedBy: 'system',
    recordedAt: now,
    effectiveOn: on,
  };
  const { id, head } = continued.subscription;
  return [[id, nextVersion(head, origin, outcome.after)]];
}

function withVersion(one: Continued, head: SubscriptionVersion, now: Date): Continued {
  const today = localDateAt(now, head.billingTimeZone);
  return {
    ...one,
    subscription: { ...one.subscription, head, billedUntil: billedUntil(head.agreement, today) },
    versions: [...one.versions, head],
  };
}

function record(
  { reconciliations }: UnitOfWork,
  cases: readonly Case[],
  documents: ReadonlyMap<Case, string | null>,
  now: Date,
): Promise<void> {
  return reconciliations.settle(
    cases.flatMap((one) => {
      if (one.outcome === null) return [];
      const { kind, maximum, agreed, seats } = one.outcome;
      const { subscriptionId, term, reconcileOn } = one.usage;
      const documentId = documents.get(one) ?? null;
      const of = { subscriptionId, termStart: term.start, dueOn: reconcileOn, documentId };
      return [{ ...of, kind, maximum, agreed, seats, recordedAt: now }];
    }),
  );
}

async function scheduleNext(
  { reconciliations }: UnitOfWork,
  usage: ScheduledSeatUsage,
  continued: readonly Continued[],
): Promise<void> {
  const subscription = continued.find((one) => one.subscription.id === usage.subscriptionId)?.subscription;
  const day = nextReconciliationDay(usage, usage.reconcileOn);
  if (subscription === undefined || day === null) return reconciliations.scheduleNext(usage, null);
  await reconciliations.scheduleNext(usage, {
    reconcileOn: day,
    reconcileAt: reconciliationInstant(day, subscription.head.billingTimeZone),
  });
}
