import { type Command, redeliveryLimit, type RedeliveryAnswer } from '@fulfillment/schema/events/commands';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { consumers, type ServiceName, type Topic } from '@fulfillment/schema/events/topics';
import type { DataSource } from 'typeorm';
import type { Bus } from '../bus/bus.js';
import { countTopic, pagesOfTopic, selectEvents } from './outbox-reads.js';

const batchSize = 500;

type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/** Sends events of this service's outbox again, and answers on the board. Doing it twice does no more than once. */
export async function redeliver(
  dataSource: DataSource,
  bus: Bus,
  { id, events: selection, consumer }: CommandOf<'REDELIVER'>,
): Promise<void> {
  const events = await selectEvents(dataSource.manager, selection, redeliveryLimit + 1);
  const refusal = refuse(events, selection, consumer);
  if (refusal === null) {
    for (let start = 0; start < events.length; start += batchSize) {
      await bus.redeliver(events.slice(start, start + batchSize), consumer);
    }
  }
  await bus.board.answerRedelivery(id, refusal ?? { ok: true, sent: events.length });
}

function refuse(
  events: readonly EventEnvelope[],
  selection: CommandOf<'REDELIVER'>['events'],
  consumer: ServiceName | null,
): Extract<RedeliveryAnswer, { ok: false }> | null {
  if (selection.by === 'IDS') {
    const found = new Set(events.map((event) => event.id));
    const unknown = selection.ids.find((eventId) => !found.has(eventId));
    if (unknown !== undefined) {
      return refusal('EVENT_UNKNOWN', `The producer never promised an event ${unknown}; nothing was sent.`);
    }
  } else if (events.length === 0) {
    return refusal('RANGE_EMPTY', 'The range holds no event; nothing was sent.');
  }
  if (events.length > redeliveryLimit) {
    const message = `More than ${redeliveryLimit} events are meant: send them in smaller ranges.`;
    return refusal('TOO_MANY_EVENTS', message);
  }
  const unheard = events.find((event) => !isConsumed(event.topic as Topic, consumer));
  if (unheard === undefined) return null;
  const message = `Nobody that it would be sent to consumes ${unheard.topic}; nothing was sent.`;
  return refusal('EVENT_NOT_CONSUMED', message);
}

function isConsumed(topic: Topic, consumer: ServiceName | null): boolean {
  return consumer === null ? consumers[topic].length > 0 : consumers[topic].includes(consumer);
}

function refusal(
  reason: Extract<RedeliveryAnswer, { ok: false }>['reason'],
  message: string,
): Extract<RedeliveryAnswer, { ok: false }> {
  return { ok: false, reason, message };
}

/**
 * Sends all that a projection of a topic is made of to the consumer that rebuilds it. It tells the number before, so that
 * progress can be shown, and once more after, when what came meanwhile is counted too.
 */
export async function sendTopic(
  dataSource: DataSource,
  bus: Bus,
  { rebuildId, topic: name, consumer }: CommandOf<'SEND_TOPIC'>,
): Promise<void> {
  const topic = name as Topic;
  const announce = (expected: number, complete: boolean) =>
    bus.command(consumer, { kind: 'TOPIC_SENT', rebuildId, expected, complete });
  await announce(await countTopic(dataSource.manager, topic), false);
  let sent = 0;
  for await (const page of pagesOfTopic(dataSource.manager, topic, batchSize)) {
    await bus.redeliver(
      page.map((event) => ({ ...untraced(event), rebuildId })),
      consumer,
    );
    sent += page.length;
  }
  await announce(sent, true);
}

/** What a rebuild brings about is caused by the rebuild, not by what once caused the event. */
function untraced(event: EventEnvelope): EventEnvelope {
  const { traceParent: _, ...rest } = event;
  return rest;
}
