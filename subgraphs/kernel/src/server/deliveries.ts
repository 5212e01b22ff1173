import { randomUUID } from 'node:crypto';
import { topics } from '@fulfillment/schema/events/topics';
import { parseTraceParent } from '@fulfillment/telemetry/trace-parent';
import type { ReachCheckpoint } from './checkpoint.js';
import type { ClockedTransaction, ServiceClock } from './clock.js';
import type { Changes, ChangingEvent } from './messaging/changes.js';
import { type HandleHeld, handOn, takeIn } from './messaging/inbox.js';
import { takeInTogether } from './messaging/inbox-together.js';
import { createEventAppender } from './messaging/outbox.js';
import { currentRequestId } from './request-scope.js';
import type { RunTransaction, ServiceDefinition } from './service-definition.js';
import type { ObservedWork } from './telemetry/observe-work.js';
import type { ServiceTelemetry } from './telemetry/start-telemetry.js';
import type { GrantBoundary } from './visibility/grant-boundary.js';

/** What a running service takes events in with. */
export interface DeliveryParts<Work, Context extends object> {
  readonly definition: Pick<
    ServiceDefinition<Work, Context>,
    'createUnitOfWork' | 'handlers' | 'together' | 'handOn'
  >;
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
  const { handlers, handOn: handers } = parts.definition;
  const { observe } = parts.telemetry;
  const asItsOwn: HandleHeld = (event, handled) => observe(observedDelivery(event), handled);
  await observe(measured(parts, delivered), async () => {
    if (handers) await handOn(handers, transaction, delivered);
    await takeInAndTell(parts, async ({ manager }, work) => [
      await takeIn(manager, handlers, work, delivered, asItsOwn),
    ]);
  });
}

/**
 * As `takeInDelivery`, for several events of one topic: all of them or none. Each is a span of its own trace; statements, and what
 * their handlers tell of, are put down to the first.
 */
export async function takeInGroup<Work, Context extends object>(
  parts: DeliveryParts<Work, Context>,
  delivered: readonly unknown[],
): Promise<void> {
  const { definition, telemetry } = parts;
  const taking = () =>
    takeInAndTell(parts, ({ manager }, work) => takeInTogether(manager, definition, work, delivered));
  const observed = delivered.reduce<() => Promise<void>>(
    (inner, one) => () => telemetry.observe(measured(parts, one), inner),
    taking,
  );
  await observed();
}

/** Takes events in by one transaction, then tells of what has changed. */
async function takeInAndTell<Work, Context extends object>(
  { definition, clock, reach, grants, changes, wakeRelay }: DeliveryParts<Work, Context>,
  take: (scope: ClockedTransaction, work: Work) => Promise<ChangingEvent[]>,
): Promise<void> {
  const requestId = currentRequestId() ?? randomUUID();
  let promised: ChangingEvent[] = [];
  const taken = await clock.transaction(async (scope) => {
    promised = [];
    const events = createEventAppender(scope, requestId, (event) => promised.push(event));
    const changed = await take(scope, definition.createUnitOfWork({ ...scope, events }));
    reach('inbox.before-commit');
    return changed;
  });
  reach('inbox.after-commit');
  if (promised.length > 0) wakeRelay();
  if (taken.some(({ topic }) => topic.endsWith('.grant'))) await grants.refresh();
  await changes.tell([...taken, ...promised]);
}

/** A delivery that metrics count, too. */
function measured<Work, Context extends object>(
  { telemetry: { metrics } }: DeliveryParts<Work, Context>,
  delivered: unknown,
): ObservedWork {
  const observed = observedDelivery(delivered);
  const onEnd = (failed: boolean, seconds: number) => metrics?.delivered(observed.topic, failed, seconds);
  return { ...observed, onEnd };
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
