import type { SeatUsagePayload } from '@fulfillment/schema/events/licenses';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { Deployment } from '../domain/deployment.js';
import { asTold, type KeptSeatUse } from '../domain/seats/kept-use.js';
import type { StoredSeatUse } from '../service/seat-ports.js';
import type { SeatUsageRow } from './seat-entities.js';

export function seatUseFromRow(row: SeatUsageRow): StoredSeatUse {
  return { ...row, maximumSince: localDate(row.maximumSince) };
}

/** The columns of `seat_usage`, but for its version. */
export function seatUseToRow(deploymentId: string, use: KeptSeatUse): Record<string, unknown> {
  return {
    deployment_id: deploymentId,
    used: use.used,
    maximum: use.maximum,
    maximum_since: use.maximumSince,
    reported_at: use.reportedAt,
    subscription_id: use.subscriptionId,
    plan_code: use.planCode,
    purchased: use.purchased,
    overage: use.overage,
    holds_until: use.holdsUntil,
    told: asTold(use),
  };
}

/** What is told of a deployment's seats. */
export function seatUsagePayloadOf(
  { id, accountId }: Pick<Deployment, 'id' | 'accountId'>,
  { subscriptionId, term, used, reportedAt, maximum, quarters, days }: KeptSeatUse,
): SeatUsagePayload {
  return {
    deploymentId: id,
    accountId,
    subscriptionId,
    term: term && { startDate: term.start, endDate: term.end },
    used,
    reportedAt: reportedAt.toISOString(),
    maximum,
    quarters: quarters.map(({ start, end, maximum: highest }) => ({
      startDate: start,
      endDate: end,
      maximum: highest,
    })),
    days: days.map(([nth, count, users]) => [nth, count, users]),
  };
}
