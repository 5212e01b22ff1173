import { addDays, type LocalDate, localDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { SeatUsagePayload } from '@fulfillment/schema/events/licenses';
import { outstandingDays, reconciliationDays, termOf } from '../domain/reconciliation/reconciliation-day.js';
import { reconciliationInstant, type SeatUsage, type UsedDays } from '../domain/reconciliation/seat-usage.js';
import type { SubscriptionVersion } from '../domain/subscription.js';
import type { DueScope } from './due-work-ports.js';
import type { UnitOfWork } from './ports.js';
import type { ScheduledSeatUsage, SettledSeats } from './reconciliation-ports.js';

type Work = Pick<UnitOfWork, 'accounts' | 'clock' | 'reconciliations'>;

/** A snapshot of how a deployment uses its seats, under the number of what told it. */
export interface ToldSeatUsage {
  readonly payload: SeatUsagePayload;
  readonly sequence: number;
}

/** One that is told of a term. */
interface TermUsage extends ToldSeatUsage {
  readonly subscriptionId: string;
  readonly termStart: LocalDate;
}

/**
 * Keeps how the seats of terms are used, and when that is settled next: any number of them by four statements. A term that is over is
 * settled with what was told until then: what comes later changes nothing. What is told of a term of which no version is known yet
 * waits for it.
 */
export async function takeSeatUsages(work: Work, told: readonly ToldSeatUsage[]): Promise<void> {
  const usages = newestOfTerms(told);
  if (usages.length === 0) return;
  const histories = await work.reconciliations.histories(distinct(usages, (usage) => usage.subscriptionId));
  const isKnown = ({ subscriptionId, termStart }: TermUsage) =>
    histories.get(subscriptionId)?.some(({ agreement }) => agreement.term.startDate === termStart) ?? false;
  for (const usage of usages.filter((one) => !isKnown(one))) await work.reconciliations.putWaiting(usage);
  await schedule(work, usages.filter(isKnown), histories);
}

/** Of each term what was told last, in one order, whoever takes it in. */
function newestOfTerms(told: readonly ToldSeatUsage[]): TermUsage[] {
  const newest = new Map<string, TermUsage>();
  for (const { payload, sequence } of told) {
    const { subscriptionId, term } = payload;
    if (subscriptionId === null || term === null) continue;
    const key = `${subscriptionId} ${term.startDate}`;
    const known = newest.get(key);
    if (known !== undefined && known.sequence >= sequence) continue;
    newest.set(key, { payload, sequence, subscriptionId, termStart: localDate(term.startDate) });
  }
  return [...newest].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, usage]) => usage);
}

async function schedule(
  { accounts, clock, reconciliations }: Work,
  usages: readonly TermUsage[],
  histories: ReadonlyMap<string, readonly SubscriptionVersion[]>,
): Promise<void> {
  if (usages.length === 0) return;
  const owners = await accounts.find(distinct(usages, ({ payload }) => payload.accountId));
  const settled = await reconciliations.settled(distinct(usages, (usage) => usage.subscriptionId));
  const scheduled = await Promise.all(
    usages.map(async ({ payload, sequence, subscriptionId }) => {
      const { accountId } = payload;
      const timeZone = owners.get(accountId)?.billingTimeZone ?? 'UTC';
      return scheduledUsage(payload, {
        sequence,
        today: localDateAt(await clock.now(accountId), timeZone),
        timeZone,
        history: histories.get(subscriptionId) ?? [],
        settled: settled.get(subscriptionId) ?? [],
      });
    }),
  );
  await reconciliations.put(scheduled.filter((usage) => usage !== null));
}

function distinct<T>(all: readonly T[], idOf: (one: T) => string): string[] {
  return [...new Set(all.map(idOf))];
}

/** Takes in what waited for a version of its term that is known by now. Gives how much it was. */
export async function takeWaitingSeatUsage(
  work: Work,
  scope: Exclude<DueScope, { kind: 'ACCOUNT' }>,
): Promise<number> {
  const known = await work.reconciliations.takeWaiting(scope);
  await takeSeatUsages(work, known);
  return known.length;
}

/** By what a snapshot is kept. */
export interface KnownOfTerm {
  readonly sequence: number;
  readonly today: LocalDate;
  readonly timeZone: string;
  readonly history: readonly SubscriptionVersion[];
  readonly settled: readonly Pick<SettledSeats, 'termStart' | 'dueOn'>[];
}

/** What is kept of a snapshot; null without a subscription, or when nothing of its term is to be settled after `today`. */
export function scheduledUsage(payload: SeatUsagePayload, known: KnownOfTerm): ScheduledSeatUsage | null {
  const usage = toSeatUsage(payload);
  const term = usage && termOf(known.history, usage.term.start);
  if (usage === null || term === null || term.period.end <= known.today) return null;
  const ofTerm = known.settled.filter(({ termStart }) => termStart === usage.term.start);
  const days = reconciliationDays(known.history, usage.term.start);
  const [next] = outstandingDays(days, addDays(known.today, 1), ofTerm);
  if (next === undefined) return null;
  return {
    ...usage,
    accountId: payload.accountId,
    sequence: known.sequence,
    reconcileOn: next.on,
    reconcileAt: reconciliationInstant(next.on, known.timeZone),
  };
}

function toSeatUsage({ subscriptionId, term, used, days, quarters, reportedAt }: SeatUsagePayload) {
  if (subscriptionId === null || term === null) return null;
  const usage: SeatUsage = {
    subscriptionId,
    term: { start: localDate(term.startDate), end: localDate(term.endDate) },
    used,
    days: days === undefined ? peaksOf(quarters) : usedDays(localDate(term.startDate), days),
    reportedAt: new Date(reportedAt),
  };
  return usage;
}

function usedDays(start: LocalDate, days: NonNullable<SeatUsagePayload['days']>): UsedDays[] {
  return days.map(([first, count, users]) => {
    return { start: addDays(start, first), end: addDays(start, first + count), users };
  });
}

/** A snapshot from before days were told says only how high a quarter was: it counts as on the quarter's first day. */
function peaksOf(quarters: SeatUsagePayload['quarters']): UsedDays[] {
  return quarters
    .filter(({ maximum }) => maximum > 0)
    .map(({ startDate, maximum: users }) => {
      const start = localDate(startDate);
      return { start, end: addDays(start, 1), users };
    });
}
