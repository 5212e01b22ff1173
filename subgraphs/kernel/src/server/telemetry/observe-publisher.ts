import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { parseTraceParent } from '@fulfillment/telemetry/trace-parent';
import { isSpan, type Span, type Tracing } from '@fulfillment/telemetry/tracing';
import type { Publisher } from '../messaging/relay.js';
import { failureName } from './failure-name.js';
import type { ServiceTelemetry } from './start-telemetry.js';

/**
 * Has the publication of each event be a span of the trace that caused it, where that is recorded, and tells consumers to go
 * on from there.
 */
export function observedPublisher(publisher: Publisher, { tracing, metrics }: ServiceTelemetry): Publisher {
  return {
    async publish(events) {
      const begun = events.map((event) => begin(event, tracing));
      const end = (failure?: string) => {
        for (const { span } of begun) span?.end(failure);
      };
      try {
        await publisher.publish(begun.map(({ event }) => event));
      } catch (error) {
        end(failureName(error));
        throw error;
      }
      end();
      for (const { topic } of events) metrics?.published(topic);
    },
  };
}

function begin(
  event: EventEnvelope,
  tracing: Tracing,
): { readonly event: EventEnvelope; readonly span?: Span } {
  const cause = parseTraceParent(event.traceParent);
  if (cause === undefined || !cause.sampled) return { event };
  const span = tracing.begin(`publish ${event.topic}`, 'producer', cause, {
    'messaging.operation.type': 'send',
    'messaging.destination.name': event.topic,
    'messaging.message.id': event.id,
  });
  return isSpan(span) ? { event: { ...event, traceParent: span.traceparent }, span } : { event };
}
