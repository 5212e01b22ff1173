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

/** Told when a service is left alone (`open`), tried again (`half-open`) and back (`closed`). */
export type OnCircuitChange = (kind: BreakerState['kind']) => void;

/**
 * Leaves a service alone that fails too often: requests fail at once instead of waiting for it, and it can come back
 * without their load. A few probes find out when it is back.
 */
export class Circuit {
  private state: BreakerState;

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly onChange: OnCircuitChange,
    private readonly rules: BreakerRules = usualBreakerRules,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.state = closedBreaker(now());
  }

  get kind(): BreakerState['kind'] {
    return this.state.kind;
  }

  /**
   * Lets a request through and says in which era of the circuit.
   * @throws ServiceFailure while the service is left alone
   */
  admit(): number {
    if (this.state.kind === 'closed') return this.state.era;
    const { admitted, state } = admitCall(this.state, this.now(), this.rules);
    this.become(state);
    if (!admitted) {
      throw new ServiceFailure('SERVICE_UNAVAILABLE', 'the circuit is open', { notAsked: true });
    }
    return state.era;
  }

  /** Every request that was let through ends once. */
  ended(era: number, outcome: CallOutcome): void {
    this.become(recordCall(this.state, { era, outcome }, this.now(), this.rules));
  }

  private become(next: BreakerState): void {
    const changed = next.kind !== this.state.kind;
    this.state = next;
    if (changed) this.onChange(next.kind);
  }
}

/** What a failure says of its service: one that answers, if only nonsense, is there. */
export function outcomeOf(error: unknown): CallOutcome {
  if (!(error instanceof ServiceFailure) || error.notAsked) return 'unknown';
  return error.code === 'SERVICE_BAD_RESPONSE' ? 'succeeded' : 'failed';
}
