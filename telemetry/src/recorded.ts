import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Span as OtelSpan,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { formatTraceParent, type TraceParent } from './trace-parent.js';
import type { Attributes, Span, SpanKind as Kind, Tracing } from './tracing.js';

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const satisfies Record<Kind, SpanKind>;

/**
 * Records spans and sends them to an OTLP/HTTP collector, in batches. What OpenTelemetry's own variables say of the process
 * (`OTEL_RESOURCE_ATTRIBUTES`) and of the way there (`OTEL_EXPORTER_OTLP_HEADERS`, …) holds; its name is the service's.
 */
export function recordTo(service: string, endpoint: string): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: detectResources({ detectors: [envDetector] }).merge(
      resourceFromAttributes({ 'service.name': service }),
    ),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 1_000 })],
  });
  const tracer = provider.getTracer('fulfillment');
  return {
    begin: (name, kind, parent, attributes) =>
      new RecordedSpan(tracer, startSpan(tracer, name, kind, parent, attributes)),
    stop: () => provider.shutdown(),
  };
}

function startSpan(
  tracer: Tracer,
  name: string,
  kind: Kind,
  parent?: TraceParent,
  attributes?: Attributes,
): OtelSpan {
  const options = {
    kind: kinds[kind],
    ...(attributes === undefined ? {} : { attributes: { ...attributes } }),
  };
  if (parent === undefined) return tracer.startSpan(name, options, ROOT_CONTEXT);
  const { traceId, spanId } = parent;
  const remote = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return tracer.startSpan(name, options, trace.setSpanContext(ROOT_CONTEXT, remote));
}

class RecordedSpan implements Span {
  readonly sampled = true;

  constructor(
    private readonly tracer: Tracer,
    private readonly span: OtelSpan,
  ) {}

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  get traceparent(): string {
    const { traceId, spanId } = this.span.spanContext();
    return formatTraceParent({ traceId, spanId, sampled: true });
  }

  child(name: string, kind: Kind = 'internal', attributes?: Attributes): Span {
    const { traceId, spanId } = this.span.spanContext();
    return new RecordedSpan(
      this.tracer,
      startSpan(this.tracer, name, kind, { traceId, spanId, sampled: true }, attributes),
    );
  }

  note(attributes: Attributes): void {
    this.span.setAttributes({ ...attributes });
  }

  end(failure?: string): void {
    if (failure !== undefined) this.span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    this.span.end();
  }
}
