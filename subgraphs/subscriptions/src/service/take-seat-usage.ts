import { type LocalDate, localDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { SeatUsagePayload } from '@fulfillment/schema/events/licenses';
import {
  nextReconciliationDay,
  reconciliationInstant,
  type SeatUsage,
} from '../domain/reconciliation/seat-usage.js';
import type { UnitOfWork } from './ports.js';
import type { ScheduledSeatUsage } from './reconciliation-ports.js';

/**
 * Keeps how the seats of a term are used, and when that is settled next. A term that is over is settled with what was told until
 * then: what comes later changes nothing.
 */
export async function takeSeatUsage(
  work: Pick<UnitOfWork, 'accounts' | 'clock' | 'reconciliations'>,
  payload: SeatUsagePayload,
  sequence: number,
): Promise<void> {
  const account = (await work.accounts.find([payload.accountId])).get(payload.accountId);
  const timeZone = account?.billingTimeZone ?? 'UTC';
  const today = localDateAt(await work.clock.now(payload.accountId), timeZone);
  const usage = scheduledUsage(payload, { sequence, today, timeZone });
  if (usage !== null) await work.reconciliations.put(usage);
}

/** What is kept of a snapshot; null without a subscription, or when nothing of its term is to be settled after `today`. */
export function scheduledUsage(
  payload: SeatUsagePayload,
  given: { readonly sequence: number; readonly today: LocalDate; readonly timeZone: string },
): ScheduledSeatUsage | null {
  const usage = toSeatUsage(payload);
  const reconcileOn = usage && nextReconciliationDay(usage, given.today);
  if (usage === null || reconcileOn === null) return null;
  return {
    ...usage,
    accountId: payload.accountId,
    sequence: given.sequence,
    reconcileOn,
    reconcileAt: reconciliationInstant(reconcileOn, given.timeZone),
  };
}

function toSeatUsage(payload: SeatUsagePayload): SeatUsage | null {
  const { subscriptionId, term, used, maximum, quarters, reportedAt } = payload;
  if (subscriptionId === null || term === null) return null;
  return {
    subscriptionId,
    term: { start: localDate(term.startDate), end: localDate(term.endDate) },
    used,
    maximum,
    quarters: quarters.map(({ startDate, endDate, maximum: highest }) => {
      return { start: localDate(startDate), end: localDate(endDate), maximum: highest };
    }),
    reportedAt: new Date(reportedAt),
  };
}
