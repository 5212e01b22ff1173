import { derivedId, isUuid } from '@fulfillment/kernel/domain/ids';
import { clientOf, type InternalViewer } from '@fulfillment/kernel/domain/viewer';
import {
  type EventSelection,
  type RedeliveryAnswer,
  redeliveryLimit,
} from '@fulfillment/schema/events/commands';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import { idempotencyKeyLength, textError } from '../../domain/order/text.js';
import type { RunTransaction } from '../ports.js';
import { type OperationsError, operationsError } from './errors.js';
import type { Operations } from './ports.js';
import { isConsumed, topicOf } from './topics.js';

export interface EventRange {
  readonly topic: string;
  readonly aggregateId?: string | null;
  readonly from?: Date | null;
  readonly until?: Date | null;
  readonly fromSequence?: number | null;
  readonly toSequence?: number | null;
}

export interface RedeliverEventsRequest {
  readonly idempotencyKey: string;
  readonly producer: ServiceName;
  readonly eventIds?: readonly string[] | null;
  readonly range?: EventRange | null;
  /** Every consumer of the events when null. */
  readonly consumer: ServiceName | null;
}

export interface RedeliverEventsAnswer {
  readonly sentCount: number | null;
  readonly errors: readonly OperationsError[];
}

/** A producer that is up answers in milliseconds, and sends the most that may be sent within this time. */
const patienceMilliseconds = 4_000;

/** The producer did not answer: no answer to keep with the key, so that the caller can ask again. */
class ProducerSilentError extends Error {
  override readonly name = 'ProducerSilentError';
}

/**
 * Has a producer send events again from its own outbox, and waits for its answer. The same key and input never asks twice,
 * also when the answer came late.
 */
export async function redeliverEvents(
  run: RunTransaction,
  operations: Operations,
  viewer: InternalViewer,
  { idempotencyKey, ...request }: RedeliverEventsRequest,
): Promise<RedeliverEventsAnswer> {
  const keyError = textError(idempotencyKey, ['idempotencyKey'], idempotencyKeyLength);
  if (keyError) return refused(operationsError('INVALID_VALUE', keyError.field, keyError.message));
  const client = clientOf(viewer);
  const call = { client, mutation: 'redeliverEvents', key: idempotencyKey, input: request };
  const id = derivedId('redelivery', client, idempotencyKey, JSON.stringify(request));
  try {
    const once = await run((unit) => unit.answerOnce(call, () => askProducer(operations, id, request)));
    return once.kind === 'ANSWERED' ? once.answer : refused(operationsError(once.reason, ['idempotencyKey']));
  } catch (error) {
    if (error instanceof ProducerSilentError)
      return refused(operationsError('PRODUCER_UNAVAILABLE', ['producer']));
    throw error;
  }
}

async function askProducer(
  operations: Operations,
  id: string,
  request: Omit<RedeliverEventsRequest, 'idempotencyKey'>,
): Promise<RedeliverEventsAnswer> {
  const error = selectionError(request) ?? consumerError(request);
  if (error) return refused(error);
  const { board } = operations;
  const earlier = await board.redeliveryAnswer(id, 0);
  if (earlier) return toAnswer(earlier, request);
  const { producer, consumer } = request;
  await operations.command(producer, { kind: 'REDELIVER', id, events: toSelection(request), consumer });
  const answer = await board.redeliveryAnswer(id, patienceMilliseconds);
  if (answer === null) throw new ProducerSilentError();
  return toAnswer(answer, request);
}

function selectionError({
  producer,
  eventIds,
  range,
}: Omit<RedeliverEventsRequest, 'idempotencyKey'>): OperationsError | null {
  if ((eventIds == null) === (range == null)) {
    return operationsError('INVALID_VALUE', ['eventIds'], 'Give either `eventIds` or `range`.');
  }
  if (eventIds != null) {
    if (eventIds.length === 0) {
      return operationsError('INVALID_VALUE', ['eventIds'], '`eventIds` must name an event at least.');
    }
    if (eventIds.length > redeliveryLimit) return operationsError('TOO_MANY_EVENTS', ['eventIds']);
    const wrong = eventIds.findIndex((eventId) => !isUuid(eventId));
    if (wrong >= 0) {
      const message = `\`eventIds\` must be UUIDs; ${wrong + 1} of them is none. Take them from \`failedDeliveries\`.`;
      return operationsError('INVALID_VALUE', ['eventIds', wrong], message);
    }
  }
  return range != null && topicOf(producer, range.topic) === null
    ? operationsError('TOPIC_UNKNOWN', ['range', 'topic'])
    : null;
}

function consumerError({
  producer,
  range,
  consumer,
}: Omit<RedeliverEventsRequest, 'idempotencyKey'>): OperationsError | null {
  const topic = range == null ? null : topicOf(producer, range.topic);
  return topic === null || isConsumed(topic, consumer)
    ? null
    : operationsError('EVENT_NOT_CONSUMED', ['consumer']);
}

function toSelection({
  eventIds,
  range,
}: Pick<RedeliverEventsRequest, 'eventIds' | 'range'>): EventSelection {
  if (range == null) {
    return { by: 'IDS', ids: [...new Set((eventIds ?? []).map((eventId) => eventId.toLowerCase()))] };
  }
  return {
    by: 'RANGE',
    topic: range.topic,
    aggregateId: range.aggregateId ?? null,
    from: range.from?.toISOString() ?? null,
    until: range.until?.toISOString() ?? null,
    fromSequence: range.fromSequence ?? null,
    toSequence: range.toSequence ?? null,
  };
}

function toAnswer(
  answer: RedeliveryAnswer,
  { range }: Pick<RedeliverEventsRequest, 'range'>,
): RedeliverEventsAnswer {
  if (answer.ok) return { sentCount: answer.sent, errors: [] };
  const field = answer.reason === 'EVENT_NOT_CONSUMED' ? 'consumer' : range == null ? 'eventIds' : 'range';
  return refused(operationsError(answer.reason, [field], answer.message));
}

function refused(error: OperationsError): RedeliverEventsAnswer {
  return { sentCount: null, errors: [error] };
}
