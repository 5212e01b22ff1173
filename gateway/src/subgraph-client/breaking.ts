import {
  admitCall,
  closedBreaker,
  recordCall,
  usualBreakerRules,
  type BreakerRules,
  type BreakerState,
  type CallOutcome,
} from './circuit-breaker.js';
import { ServiceFailure } from './failure.js';
import type { CallService } from './service-call.js';

/** Told when a service is left alone (`open`), tried again (`half-open`) and back (`closed`). */
export type OnBreakerChange = (kind: BreakerState['kind']) => void;

/**
 * Leaves a service alone that fails too often: requests fail at once instead of waiting for it, and it can come back
 * without their load. A few probes find out when it is back.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function breaking<Answer>(
  call: CallService<Answer>,
  onChange: OnBreakerChange,
  {
    rules = usualBreakerRules,
    now = () => performance.now(),
  }: { rules?: BreakerRules; now?: () => number } = {},
): CallService<Answer> {
  let state = closedBreaker(now());
  const become = (next: BreakerState) => {
    const changed = next.kind !== state.kind;
    state = next;
    if (changed) onChange(next.kind);
  };
  return async (request) => {
    const admission = admitCall(state, now(), rules);
    become(admission.state);
    if (!admission.admitted) {
      throw new ServiceFailure('SERVICE_UNAVAILABLE', 'the circuit is open', { notAsked: true });
    }
    const { era } = state;
    let outcome: CallOutcome = 'succeeded';
    try {
      return await call(request);
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      become(recordCall(state, { era, outcome }, now(), rules));
    }
  };
}

/** A service that answers, if only nonsense, is there. */
function outcomeOf(error: unknown): CallOutcome {
  if (!(error instanceof ServiceFailure) || error.notAsked) return 'unknown';
  return error.code === 'SERVICE_BAD_RESPONSE' ? 'succeeded' : 'failed';
}
