import { addDays, type LocalDate, localDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { SeatUsagePayload } from '@fulfillment/schema/events/licenses';
import { outstandingDays, reconciliationDays, termOf } from '../domain/reconciliation/reconciliation-day.js';
import { reconciliationInstant, type SeatUsage, type UsedDays } from '../domain/reconciliation/seat-usage.js';
import type { SubscriptionVersion } from '../domain/subscription.js';
import type { DueScope } from './due-work-ports.js';
import type { UnitOfWork } from './ports.js';
import type { ScheduledSeatUsage, SettledSeats } from './reconciliation-ports.js';

type Work = Pick<UnitOfWork, 'accounts' | 'clock' | 'reconciliations'>;

/**
 * Keeps how the seats of a term are used, and when that is settled next. A term that is over is settled with what was told until
 * then: what comes later changes nothing. What is told of a term of which no version is known yet waits for it.
 */
export async function takeSeatUsage(work: Work, payload: SeatUsagePayload, sequence: number): Promise<void> {
  const { accountId, subscriptionId } = payload;
  if (subscriptionId === null || payload.term === null) return;
  const history = (await work.reconciliations.histories([subscriptionId])).get(subscriptionId) ?? [];
  const termStart = localDate(payload.term.startDate);
  if (!history.some(({ agreement }) => agreement.term.startDate === termStart)) {
    return work.reconciliations.putWaiting({ subscriptionId, termStart, sequence, payload });
  }
  const account = (await work.accounts.find([accountId])).get(accountId);
  const timeZone = account?.billingTimeZone ?? 'UTC';
  const today = localDateAt(await work.clock.now(accountId), timeZone);
  const settled = (await work.reconciliations.settled([subscriptionId])).get(subscriptionId) ?? [];
  const usage = scheduledUsage(payload, { sequence, today, timeZone, history, settled });
  if (usage !== null) await work.reconciliations.put(usage);
}

/** Takes in what waited for a version of its term that is known by now. Gives how much it was. */
export async function takeWaitingSeatUsage(
  work: Work,
  scope: Exclude<DueScope, { kind: 'ACCOUNT' }>,
): Promise<number> {
  const known = await work.reconciliations.takeWaiting(scope);
  for (const { payload, sequence } of known) await takeSeatUsage(work, payload, sequence);
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
