import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import { compareDates, type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { type Reconciliation, reconcile } from '../domain/reconciliation/reconcile.js';
import {
  outstandingDays,
  type ReconciliationDay,
  reconciliationDays,
} from '../domain/reconciliation/reconciliation-day.js';
import { reconciliationInstant } from '../domain/reconciliation/seat-usage.js';
import { nextVersion, type SubscriptionVersion } from '../domain/subscription.js';
import {
  type Continued,
  continueContracts,
  keepContinued,
  type PurposeOfBill,
  toBills,
} from './contracts.js';
import { postOrKeep, takeDrafts } from './drafts.js';
import type { DueScope } from './due-work-ports.js';
import { postAll } from './post-bills.js';
import type { UnitOfWork } from './ports.js';
import type { ScheduledSeatUsage, SettledSeats } from './reconciliation-ports.js';

/**
 * Settles the seats that are used beyond those bought, of the terms for which a day of reconciliation has come, one day of each.
 * Doing it again bills nothing: what was settled is part of the history by then.
 * @returns how many terms it dealt with; 0 when nothing is due
 */
export async function runReconciliations(work: UnitOfWork, scope: DueScope, now: Date): Promise<number> {
  const due = await work.reconciliations.lockDue(scope, now);
  if (due.length > 0) await settleAll(work, due, now);
  return due.length;
}

/** A term and its subscription, brought up to the day. */
interface Case {
  readonly usage: ScheduledSeatUsage;
  readonly continued: Continued;
  /** The day of reconciliation that has come, the first of them; null when none has: the term is another one than was known. */
  readonly due: LocalDate | null;
  readonly outcome: Reconciliation | null;
  readonly on: LocalDate;
  /** The next day of reconciliation after it; null when the term has none. */
  readonly next: LocalDate | null;
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
  await bill(work, cases, continued, now);
  for (const usage of due) {
    await scheduleNext(
      work,
      usage,
      cases.find((one) => one.usage === usage),
    );
  }
}

/**
 * The history says which day has come, not what was told of the term: orders may have made it longer or shorter since. Two terms of one
 * subscription may be due at once, after a long time without the service: the later one is next.
 */
async function judge(
  { reconciliations }: UnitOfWork,
  due: readonly ScheduledSeatUsage[],
  continued: readonly Continued[],
  now: Date,
): Promise<Case[]> {
  const subscriptions = new Map(continued.map((one) => [one.subscription.id, one]));
  const ids = [...subscriptions.keys()];
  const histories = await reconciliations.histories(ids);
  const settlements = await reconciliations.settled(ids);
  const owners = [...histories.values()].flat().map(({ accountId }) => accountId);
  const agreedModes = await reconciliations.agreedModes([...new Set(owners)]);
  return due.flatMap((usage): Case[] => {
    const one = subscriptions.get(usage.subscriptionId);
    if (one === undefined) return [];
    const history = [...(histories.get(usage.subscriptionId) ?? []), ...one.versions];
    const ofTerm = ({ termStart }: SettledSeats) => termStart === usage.term.start;
    const settled = (settlements.get(usage.subscriptionId) ?? []).filter(ofTerm);
    const on = localDateAt(now, one.subscription.head.billingTimeZone);
    const days = reconciliationDays(history, usage.term.start);
    const outstanding = outstandingDays(days, usage.reconcileOn, settled);
    const day = dueDay(outstanding, now, one);
    const by = { history, settled, agreedModes, deploymentKind: one.subscription.deployment.kind };
    const outcome = day === null ? null : reconcile({ ...by, usage, due: day, on });
    const next = outstanding.find((another) => day === null || compareDates(another.on, day) > 0)?.on ?? null;
    return [{ usage, continued: one, due: day, outcome, on, next }];
  });
}

/** The first day that has begun at the account and before which UTC's is over. */
function dueDay(
  [first]: readonly ReconciliationDay[],
  now: Date,
  { subscription: { head } }: Continued,
): LocalDate | null {
  if (first === undefined) return null;
  return reconciliationInstant(first.on, head.billingTimeZone) <= now ? first.on : null;
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
  if (kind === 'OFF') return [];
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
      if (one.outcome === null || one.due === null) return [];
      const { kind, maximum, agreed, seats } = one.outcome;
      const { subscriptionId, term } = one.usage;
      const documentId = documents.get(one) ?? null;
      const of = { subscriptionId, termStart: term.start, dueOn: one.due, settledOn: one.on, documentId };
      return [{ ...of, kind, maximum, agreed, seats, recordedAt: now }];
    }),
  );
}

async function scheduleNext(
  { reconciliations }: UnitOfWork,
  usage: ScheduledSeatUsage,
  dealtWith: Case | undefined,
): Promise<void> {
  if (dealtWith === undefined || dealtWith.next === null) return reconciliations.scheduleNext(usage, null);
  const { next, continued } = dealtWith;
  await reconciliations.scheduleNext(usage, {
    reconcileOn: next,
    reconcileAt: reconciliationInstant(next, continued.subscription.head.billingTimeZone),
  });
}
