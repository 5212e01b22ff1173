/** When a service is left alone for a while. */
export interface BreakerRules {
  /** Failures are counted over about this long, in milliseconds. */
  readonly windowMs: number;
  /** Fewer calls than this in the window say nothing. */
  readonly fewestCalls: number;
  /** The part of the calls that must fail, from 0 to 1. */
  readonly failedPart: number;
  /** How long nothing is sent the first time; twice as long after each probe that fails. */
  readonly openMs: number;
  readonly longestOpenMs: number;
  /** So many calls are let through at a time to see whether it is back, and so many must succeed. */
  readonly probes: number;
}

export const usualBreakerRules: BreakerRules = {
  windowMs: 10_000,
  fewestCalls: 20,
  failedPart: 0.5,
  openMs: 1_000,
  longestOpenMs: 30_000,
  probes: 3,
};

/** Calls of one window and the one before it. */
interface Counts {
  readonly startedAt: number;
  readonly calls: number;
  readonly failed: number;
  readonly callsBefore: number;
  readonly failedBefore: number;
}

/**
 * `closed`: all is sent. `open`: nothing is, until an instant. `half-open`: probes alone. `era` grows with each change of
 * state, so that a call which began in an earlier state is not counted in a later one.
 */
export type BreakerState =
  | { readonly kind: 'closed'; readonly era: number; readonly counts: Counts }
  | { readonly kind: 'open'; readonly era: number; readonly until: number; readonly openMs: number }
  | {
      readonly kind: 'half-open';
      readonly era: number;
      readonly openMs: number;
      readonly underWay: number;
      readonly succeeded: number;
    };

/** How a call ended, for the breaker: `unknown` when it says nothing about the service, because its client left. */
export type CallOutcome = 'succeeded' | 'failed' | 'unknown';

/** All instants are milliseconds of one clock. */
export function closedBreaker(now: number, era = 0): BreakerState {
  return {
    kind: 'closed',
    era,
    counts: { startedAt: now, calls: 0, failed: 0, callsBefore: 0, failedBefore: 0 },
  };
}

/** Whether a call may be sent now, and the state after that. */
export function admitCall(
  state: BreakerState,
  now: number,
  rules: BreakerRules,
): { readonly admitted: boolean; readonly state: BreakerState } {
  switch (state.kind) {
    case 'closed':
      return { admitted: true, state };
    case 'open': {
      if (now < state.until) return { admitted: false, state };
      const { openMs } = state;
      return {
        admitted: true,
        state: { kind: 'half-open', era: state.era + 1, openMs, underWay: 1, succeeded: 0 },
      };
    }
    case 'half-open':
      return state.underWay < rules.probes
        ? { admitted: true, state: { ...state, underWay: state.underWay + 1 } }
        : { admitted: false, state };
  }
}

/** The state after a call has ended; `era` is that of the state in which it was admitted. */
export function recordCall(
  state: BreakerState,
  call: { readonly era: number; readonly outcome: CallOutcome },
  now: number,
  rules: BreakerRules,
): BreakerState {
  if (call.era !== state.era || state.kind === 'open') return state;
  if (state.kind === 'closed') return recordClosed(state, call.outcome, now, rules);
  const underWay = state.underWay - 1;
  switch (call.outcome) {
    case 'unknown':
      return { ...state, underWay };
    case 'failed':
      return open(state.era, now, Math.min(2 * state.openMs, rules.longestOpenMs));
    case 'succeeded':
      return state.succeeded + 1 >= rules.probes
        ? closedBreaker(now, state.era + 1)
        : { ...state, underWay, succeeded: state.succeeded + 1 };
  }
}

function recordClosed(
  state: Extract<BreakerState, { kind: 'closed' }>,
  outcome: CallOutcome,
  now: number,
  rules: BreakerRules,
): BreakerState {
  if (outcome === 'unknown') return state;
  const { startedAt, calls, failed, callsBefore, failedBefore } = atInstant(
    state.counts,
    now,
    rules.windowMs,
  );
  const hasFailed = outcome === 'failed';
  const counts: Counts = {
    startedAt,
    calls: calls + 1,
    failed: hasFailed ? failed + 1 : failed,
    callsBefore,
    failedBefore,
  };
  if (hasFailed && isBroken(counts, now, rules)) return open(state.era, now, rules.openMs);
  return { kind: 'closed', era: state.era, counts };
}

function open(era: number, now: number, openMs: number): BreakerState {
  return { kind: 'open', era: era + 1, until: now + openMs, openMs };
}

/** Moves on to the window that `now` is in. */
function atInstant(counts: Counts, now: number, windowMs: number): Counts {
  const passed = Math.floor((now - counts.startedAt) / windowMs);
  if (passed <= 0) return counts;
  const isNext = passed === 1;
  return {
    startedAt: counts.startedAt + passed * windowMs,
    calls: 0,
    failed: 0,
    callsBefore: isNext ? counts.calls : 0,
    failedBefore: isNext ? counts.failed : 0,
  };
}

/** The window before counts by the part of it that is within `windowMs` of now. */
function isBroken(counts: Counts, now: number, rules: BreakerRules): boolean {
  const before = 1 - (now - counts.startedAt) / rules.windowMs;
  const calls = counts.calls + before * counts.callsBefore;
  const failed = counts.failed + before * counts.failedBefore;
  return calls >= rules.fewestCalls && failed >= rules.failedPart * calls;
}
