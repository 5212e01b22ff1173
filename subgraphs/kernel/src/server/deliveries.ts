import { randomUUID } from 'node:crypto';
import { topics } from '@fulfillment/schema/events/topics';
import { parseTraceParent } from '@fulfillment/telemetry/trace-parent';
import type { ReachCheckpoint } from './checkpoint.js';
import type { ServiceClock } from './clock.js';
import type { Changes, ChangingEvent } from './messaging/changes.js';
import { type HandleHeld, handOn, takeIn } from './messaging/inbox.js';
import { createEventAppender } from './messaging/outbox.js';
import type { RunTransaction, ServiceDefinition } from './service-definition.js';
import type { ServiceTelemetry } from './telemetry/start-telemetry.js';
import type { GrantBoundary } from './visibility/grant-boundary.js';

/** What a running service takes events in with. */
export interface DeliveryParts<Work, Context extends object> {
  readonly definition: Pick<ServiceDefinition<Work, Context>, 'createUnitOfWork' | 'handlers' | 'handOn'>;
  readonly clock: ServiceClock;
  readonly reach: ReachCheckpoint;
  readonly grants: GrantBoundary;
  readonly changes: Changes;
  readonly telemetry: ServiceTelemetry;
  readonly wakeRelay: () => void;
}

/**
 * What a delivery changes is told before the delivery counts as done: one that crashes in between comes again. It goes on
 * with the trace of what caused it.
 */
export async function takeInDelivery<Work, Context extends object>(
  parts: DeliveryParts<Work, Context>,
  transaction: RunTransaction<Work>,
  delivered: unknown,
): Promise<void> {
  const { definition, clock, reach, grants, changes, telemetry, wakeRelay } = parts;
  const { metrics, observe } = telemetry;
  const observed = observedDelivery(delivered);
  const { topic, requestId } = observed;
  const onEnd = (failed: boolean, seconds: number) => metrics?.delivered(topic, failed, seconds);
  const asItsOwn: HandleHeld = (event, handled) => observe(observedDelivery(event), handled);
  await observe({ ...observed, onEnd }, async () => {
    if (definition.handOn) await handOn(definition.handOn, transaction, delivered);
    let promised: ChangingEvent[] = [];
    const taken = await clock.transaction(async (scope) => {
      promised = [];
      const events = createEventAppender(scope, requestId, (event) => promised.push(event));
      const work = definition.createUnitOfWork({ ...scope, events });
      const event = await takeIn(scope.manager, definition.handlers, work, delivered, asItsOwn);
      reach('inbox.before-commit');
      return event;
    });
    reach('inbox.after-commit');
    if (promised.length > 0) wakeRelay();
    if (taken.topic.endsWith('.grant')) await grants.refresh();
    await changes.tell([taken, ...promised]);
  });
}

/** A delivery as traces name it, before it was held to its contract. */
function observedDelivery(delivered: unknown) {
  const given = delivered as {
    readonly topic?: string;
    readonly requestId?: string;
    readonly traceParent?: string;
  };
  const topic = given.topic !== undefined && Object.hasOwn(topics, given.topic) ? given.topic : 'unknown';
  return {
    name: `process ${topic}`,
    kind: 'consumer',
    topic,
    requestId: given.requestId ?? randomUUID(),
    cause: parseTraceParent(given.traceParent),
    attributes: { 'messaging.operation.type': 'process', 'messaging.destination.name': topic },
  } as const;
}
