import type { ServiceName } from '@fulfillment/schema/events/topics';
import { Metrics } from '@fulfillment/telemetry/metrics';
import { watchLevels, type Levels } from './levels.js';
import type { AskedFor, RequestOutcome } from './request-record.js';

/** Counts what a service does. Labels are names of the service's own contract, tables and work, never what clients send. */
export interface ServiceMetrics {
  readonly registry: Metrics['registry'];
  requestEnded(asked: AskedFor, outcome: RequestOutcome, seconds: number): void;
  /** @param statement its verb and table */
  statementEnded(statement: string, seconds: number): void;
  /** An event was taken in, or could not be. */
  delivered(topic: string, failed: boolean, seconds: number): void;
  /** An event was handed over to the bus. */
  published(topic: string): void;
  /** @param work the name of the periodic work */
  runEnded(work: string, failed: boolean, seconds: number): void;
  /** Something that fell due failed, and is tried alone. @param kind its name in the service's contract */
  setAside(kind: string): void;
  /** Adds what is looked up when metrics are asked for. */
  watch(levels: Levels): void;
}

/** The metrics of a service. A histogram of durations has the number of what it measured with it. */
export function createServiceMetrics(service: ServiceName): ServiceMetrics {
  const metrics = new Metrics(service);
  const requests = metrics.counter('service_requests_total', 'Requests that ended', [
    'kind',
    'field',
    'outcome',
  ]);
  const requestDurations = metrics.histogram(
    'service_request_duration_seconds',
    'From a request to its end',
    ['kind', 'field'],
  );
  const statementDurations = metrics.histogram(
    'service_statement_duration_seconds',
    'From an SQL statement to its rows',
    ['statement'],
  );
  const deliveries = metrics.counter('service_deliveries_total', 'Deliveries of events that ended', [
    'topic',
    'outcome',
  ]);
  const deliveryDurations = metrics.histogram(
    'service_delivery_duration_seconds',
    'From the delivery of an event to its commit',
    ['topic'],
  );
  const published = metrics.counter('service_events_published_total', 'Events handed over to the bus', [
    'topic',
  ]);
  const runs = metrics.counter('service_periodic_runs_total', 'Runs of periodic work', ['work', 'outcome']);
  const runDurations = metrics.histogram('service_periodic_duration_seconds', 'Runs of periodic work', [
    'work',
  ]);
  const setAside = metrics.counter(
    'service_due_work_set_aside_total',
    'What fell due, failed and is tried alone from then on',
    ['kind'],
  );
  return {
    registry: metrics.registry,
    requestEnded({ kind, field }, outcome, seconds) {
      requests.inc({ kind, field, outcome });
      requestDurations.observe({ kind, field }, seconds);
    },
    statementEnded: (statement, seconds) => statementDurations.observe({ statement }, seconds),
    delivered(topic, failed, seconds) {
      deliveries.inc({ topic, outcome: outcomeOf(failed) });
      deliveryDurations.observe({ topic }, seconds);
    },
    published: (topic) => published.inc({ topic }),
    runEnded(work, failed, seconds) {
      runs.inc({ work, outcome: outcomeOf(failed) });
      runDurations.observe({ work }, seconds);
    },
    setAside: (kind) => setAside.inc({ kind }),
    watch: (levels) => watchLevels(metrics, levels),
  };
}

function outcomeOf(failed: boolean): 'ok' | 'failed' {
  return failed ? 'failed' : 'ok';
}
