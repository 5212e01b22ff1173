import type { TraceParent } from '@fulfillment/telemetry/trace-parent';
import { isSpan, type Attributes, type SpanKind, type Tracing } from '@fulfillment/telemetry/tracing';
import { inRequestScope } from '../request-scope.js';
import { failureName } from './failure-name.js';

/** Work that no request asks for, as traces and metrics name it. */
export interface ObservedWork {
  readonly name: string;
  readonly kind: SpanKind;
  /** What caused it in another process; without it a trace begins here. */
  readonly cause?: TraceParent | undefined;
  readonly requestId?: string;
  readonly attributes?: Attributes;
  /** Told of its end. */
  readonly onEnd?: (failed: boolean, seconds: number) => void;
}

/** Does work in a scope and a trace of its own; what it throws is thrown on. */
export type ObserveWork = <T>(observed: ObservedWork, work: () => Promise<T>) => Promise<T>;

export function observingWork(tracing: Tracing): ObserveWork {
  return ({ name, kind, cause, requestId, attributes, onEnd }, work) => {
    const startedAt = performance.now();
    const trace = tracing.begin(name, kind, cause, attributes);
    const end = (failure?: string) => {
      onEnd?.(failure !== undefined, (performance.now() - startedAt) / 1000);
      if (isSpan(trace)) trace.end(failure);
    };
    return inRequestScope({ ...(requestId === undefined ? {} : { requestId }), trace }, async () => {
      try {
        const result = await work();
        end();
        return result;
      } catch (error) {
        end(failureName(error));
        throw error;
      }
    });
  };
}
