import { startTracing, type Tracing } from '@fulfillment/telemetry/tracing';
import { Kind, parse } from 'graphql';
import type { GatewayEnvironment } from './environment.js';
import type { ServiceChain } from './subgraph-client/service-chain.js';
import type { Safelist } from './protection/safelist/safelist.js';
import { GatewayMetrics, type Levels } from './telemetry/metrics.js';
import { serveMetrics } from '@fulfillment/telemetry/metrics-server';

/** What the gateway tells of itself beside its log. */
export interface Telemetry {
  readonly tracing: Tracing;
  readonly metrics: GatewayMetrics;
  stop(): Promise<void>;
}

/**
 * Whether a request is recorded is decided here by chance alone: what clients say of it, anybody could say.
 *
 * @throws Error with a message for people when the port of the metrics is taken
 */
export async function startTelemetry(
  environment: GatewayEnvironment,
  safelist: Safelist,
): Promise<Telemetry> {
  const { METRICS_HOST, METRICS_PORT, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER_ARG } = environment;
  const metrics = new GatewayMetrics(new Set(namesOf(safelist)));
  const server =
    METRICS_PORT === undefined
      ? undefined
      : await serveMetrics(metrics.registry, { host: METRICS_HOST, port: METRICS_PORT });
  const tracing = await startTracing({
    service: 'gateway',
    endpoint: OTEL_EXPORTER_OTLP_ENDPOINT,
    samples: () => Math.random() < OTEL_TRACES_SAMPLER_ARG,
  });
  return {
    tracing,
    metrics,
    stop: async () => {
      server?.close();
      await tracing.stop();
    },
  };
}

const circuits = { closed: 0, 'half-open': 1, open: 2 } as const;

/** A service's queue and circuit as metrics have them. */
export function levelOf(chain: ServiceChain<unknown>): ReturnType<Levels['services']>[number] {
  return { name: chain.name, ...chain.level(), circuit: circuits[chain.circuitState] };
}

/** The names of the operations that our own clients send. */
function namesOf(safelist: Safelist): readonly string[] {
  const documents = [...safelist.values()].flatMap((operations) => [...operations.values()]);
  return documents.flatMap((document) =>
    parse(document).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.name ? [definition.name.value] : [],
    ),
  );
}
