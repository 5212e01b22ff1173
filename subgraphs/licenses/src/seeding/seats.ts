import { addDays } from '@fulfillment/kernel/domain/calendar';
import type { RowCollector } from '@fulfillment/kernel/population/row-collector';
import { seededEvent } from '@fulfillment/kernel/population/seeder';
import type { DeploymentStory } from '@fulfillment/kernel/population/story';
import { columnsOf } from '@fulfillment/kernel/server/entity-rows';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { AgreedSubscription } from '../domain/agreed-subscription.js';
import { keptUseOf } from '../domain/seats/kept-use.js';
import { daysWithin, recordOf } from '../domain/seats/seat-record.js';
import { dayOf, type SeatSample } from '../domain/seats/seat-sample.js';
import { seatContractAt } from '../domain/seats/seat-contract.js';
import { seatDayEntity, seatNewestEntity, seatSampleEntity } from '../persistence/seat-entities.js';
import { seatUsagePayloadOf, seatUseToRow } from '../persistence/seat-mapping.js';

/** What a deployment reported: the day on which it was fullest, and the newest report. All users are members. */
export function samplesOf({ seats, subscription, registeredAt }: DeploymentStory): SeatSample[] {
  const { used, maximum, reportedAt } = seats;
  const newest = { instanceId: null, takenAt: reportedAt, members: used, guests: 0, maximum: null };
  const term = subscription?.terms.at(-1);
  const since = term === undefined ? registeredAt : new Date(`${term.startDate}T02:00:00Z`);
  // A term that began with the report itself has had no fuller day.
  if (maximum === used || since >= reportedAt) return [newest];
  const fullest = new Date(Math.round((since.getTime() + reportedAt.getTime()) / 2));
  return [{ ...newest, takenAt: fullest, members: maximum }, newest];
}

/**
 * Stores what a deployment reported and what it comes to, by the functions that daily work uses.
 * @param today the instant at which the stories end
 */
export function storeSeats(
  story: DeploymentStory,
  accountId: string,
  subscriptions: readonly AgreedSubscription[],
  today: Date,
  rows: RowCollector,
): EventEnvelope[] {
  const { id: deploymentId } = story;
  const samples = samplesOf(story);
  const contract = seatContractAt(subscriptions, today);
  const use = keptUseOf(recordOf(samples, contract.term), contract, {
    guestsBill: true,
    at: today,
  });
  if (use === null) return [];
  for (const { takenAt, members, guests } of samples) {
    const row = { deploymentId, instanceId: '', takenAt, members, guests, recordedAt: takenAt };
    rows.add('seat_sample', columnsOf(seatSampleEntity, row));
  }
  for (const day of new Set(samples.map(({ takenAt }) => dayOf(takenAt)))) {
    for (const [, members, withGuests] of daysWithin(samples, { start: day, end: addDays(day, 1) })) {
      rows.add('seat_day', columnsOf(seatDayEntity, { deploymentId, day, members, withGuests }));
    }
  }
  // When an instance was last heard of stands with the instance; a report of the deployment as a whole has none.
  for (const { heardOf: _, ...one } of recordOf(samples, null).newest) {
    rows.add('seat_newest', columnsOf(seatNewestEntity, { deploymentId, ...one, instanceId: '' }));
  }
  rows.add('seat_usage', { ...seatUseToRow(deploymentId, use), version: 1 });
  return [
    seededEvent({
      topic: 'licenses.seat-usage',
      kind: 'SNAPSHOT',
      aggregateId: deploymentId,
      sequence: 1,
      occurredAt: use.reportedAt.toISOString(),
      payload: seatUsagePayloadOf({ id: deploymentId, accountId }, use),
    }),
  ];
}
