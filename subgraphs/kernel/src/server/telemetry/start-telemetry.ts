import type { ServiceName } from '@fulfillment/schema/events/topics';
import { serveMetrics } from '@fulfillment/telemetry/metrics-server';
import { startTracing, type Tracing } from '@fulfillment/telemetry/tracing';
import type { ServiceEnvironment } from '../environment.js';
import type { ObserveStatement } from '../observed-client.js';
import { observingStatements } from './observe-statements.js';
import { type ObserveWork, observingWork } from './observe-work.js';
import { createServiceMetrics, type ServiceMetrics } from './service-metrics.js';

/** What a service tells of itself beside its log. */
export interface ServiceTelemetry {
  readonly tracing: Tracing;
  /** Undefined where nobody can ask for them: then nothing is counted. */
  readonly metrics: ServiceMetrics | undefined;
  readonly observe: ObserveWork;
  /** Undefined where nobody would be told of statements. */
  readonly observeStatement: ObserveStatement | undefined;
  readonly metricsUrl: string | undefined;
  stop(): Promise<void>;
}

/**
 * What was begun elsewhere is recorded where the sender records it: that is the gateway, or a service by an event. What is
 * begun here, periodic work, is recorded by chance.
 *
 * @param tables the names of the service's tables
 * @throws Error with a message for people when the port of the metrics is taken
 */
export async function startTelemetry(
  service: ServiceName,
  environment: ServiceEnvironment,
  tables: ReadonlySet<string>,
): Promise<ServiceTelemetry> {
  const { METRICS_HOST, METRICS_PORT, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER_ARG } = environment;
  const metrics = METRICS_PORT === undefined ? undefined : createServiceMetrics(service);
  const server =
    metrics === undefined || METRICS_PORT === undefined
      ? undefined
      : await serveMetrics(metrics.registry, { host: METRICS_HOST, port: METRICS_PORT });
  const tracing = await startTracing({
    service,
    endpoint: OTEL_EXPORTER_OTLP_ENDPOINT,
    samples: (cause) => cause?.sampled ?? Math.random() < OTEL_TRACES_SAMPLER_ARG,
  });
  const isTold = metrics !== undefined || OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
  return {
    tracing,
    metrics,
    metricsUrl: server?.url,
    observe: observingWork(tracing),
    observeStatement: isTold ? observingStatements(tables, metrics) : undefined,
    async stop() {
      server?.close();
      await tracing.stop();
    },
  };
}
