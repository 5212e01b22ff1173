import { randomUUID } from 'node:crypto';

/** Where in which trace something happens, as it is told from process to process (W3C Trace Context). */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether the trace is recorded. */
  readonly sampled: boolean;
}

const form = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** Reads the header `traceparent`; undefined when there is none or it is not valid, as the standard has it. */
export function parseTraceParent(header: string | readonly string[] | undefined): TraceParent | undefined {
  const [, traceId, spanId, flags] = typeof header === 'string' ? (form.exec(header) ?? []) : [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Writes the header `traceparent`. */
export function formatTraceParent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** A place in a new trace. Node.js has random UUIDs in stock, which other random digits have to be fetched for. */
export function newTraceParent(sampled: boolean): TraceParent {
  return { traceId: newTraceId(), spanId: newTraceId().slice(16), sampled };
}

/** 32 hexadecimal digits: 122 random bits, all of the last 56 among them, as the standard advises. */
export function newTraceId(): string {
  return randomUUID().replaceAll('-', '');
}
