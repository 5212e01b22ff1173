import { formatTraceParent, newTraceParent, type TraceParent } from './trace-parent.js';

/** What a span is in the conversation between processes. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** Facts about what a span stands for, named as OpenTelemetry's semantic conventions have it. Never values of clients. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/**
 * A place in a trace: the trace's id is known whether it is recorded or not. Whoever may be on a hot path asks `sampled`
 * first, and does nothing more when it is false.
 */
export interface Trace {
  readonly traceId: string;
  /** The header `traceparent` for what is asked of other processes. */
  readonly traceparent: string;
  readonly sampled: boolean;
  /** Begins a part of what this stands for; undefined when nothing is recorded. */
  child(name: string, kind?: SpanKind, attributes?: Attributes): Span | undefined;
}

/** A recorded part of a trace. */
export interface Span extends Trace {
  note(attributes: Attributes): void;
  /** @param failure why it failed, in words; undefined when it did not */
  end(failure?: string): void;
}

export interface Tracing {
  /**
   * Begins what another process asked for, or what is begun here.
   *
   * @param parent what the other process said
   */
  begin(name: string, kind: SpanKind, parent: TraceParent | undefined, attributes?: Attributes): Trace | Span;
  /** Sends what has been recorded, within a few seconds. */
  stop(): Promise<void>;
}

export interface TracingOptions {
  readonly service: string;
  /** Base address of an OTLP/HTTP collector, for example http://127.0.0.1:4318; without it nothing is recorded. */
  readonly endpoint?: string | undefined;
  /** Whether to record, given what the other process said. Asked only where there is an endpoint. */
  readonly samples: (parent: TraceParent | undefined) => boolean;
}

/** Loads OpenTelemetry only where traces are sent somewhere: it costs a tenth of a second and memory. */
export async function startTracing({ service, endpoint, samples }: TracingOptions): Promise<Tracing> {
  if (endpoint === undefined) return unrecorded;
  const { recordTo } = await import('./recorded.js');
  const recorded = recordTo(service, endpoint);
  return {
    begin: (name, kind, parent, attributes) =>
      samples(parent)
        ? recorded.begin(name, kind, parent, attributes)
        : unrecorded.begin(name, kind, parent && { ...parent, sampled: false }),
    stop: () => recorded.stop(),
  };
}

/** Keeps the ids, for logs and errors, and records nothing. */
const unrecorded: Tracing = {
  begin: (_name, _kind, parent) => new UnrecordedTrace(parent ?? newTraceParent(false)),
  stop: async () => undefined,
};

class UnrecordedTrace implements Trace {
  readonly sampled = false;

  constructor(private readonly place: TraceParent) {}

  get traceId(): string {
    return this.place.traceId;
  }

  /** Says on whether others record. */
  get traceparent(): string {
    return formatTraceParent(this.place);
  }

  child(): undefined {
    return undefined;
  }
}

/** True for a place that is recorded. */
export function isSpan(trace: Trace | undefined): trace is Span {
  return trace?.sampled ?? false;
}

/** Does a part of what a trace stands for, as a span of its own where it is recorded. */
export function inSpan<T>(trace: Trace | undefined, name: string, work: () => T): T {
  if (trace === undefined || !trace.sampled) return work();
  const span = trace.child(name);
  try {
    return work();
  } finally {
    span?.end();
  }
}
