import { describe, expect, it } from 'vitest';
import {
  admitCall,
  closedBreaker,
  recordCall,
  type BreakerRules,
  type BreakerState,
  type CallOutcome,
} from './circuit-breaker.js';

const rules: BreakerRules = {
  windowMs: 10_000,
  fewestCalls: 4,
  failedPart: 0.5,
  openMs: 1_000,
  longestOpenMs: 3_000,
  probes: 2,
};

/** Calls that begin and end at the same instant. */
function after(state: BreakerState, now: number, outcomes: readonly CallOutcome[]): BreakerState {
  return outcomes.reduce((current, outcome) => {
    const admission = admitCall(current, now, rules);
    expect(admission.admitted).toBe(true);
    return recordCall(admission.state, { era: admission.state.era, outcome }, now, rules);
  }, state);
}

describe('a closed circuit', () => {
  it.each<[string, readonly CallOutcome[], BreakerState['kind']]>([
    ['stays closed while fewer calls were made than say something', ['failed', 'failed', 'failed'], 'closed'],
    ['opens when half of enough calls failed', ['succeeded', 'succeeded', 'failed', 'failed'], 'open'],
    ['stays closed while fewer failed', ['succeeded', 'succeeded', 'succeeded', 'failed'], 'closed'],
    [
      'does not count calls that say nothing',
      ['failed', 'failed', 'failed', 'unknown', 'unknown', 'unknown'],
      'closed',
    ],
  ])('%s', (_, outcomes, kind) => {
    expect(after(closedBreaker(0), 0, outcomes).kind).toBe(kind);
  });

  it('counts the window before by the part of it that is not over', () => {
    const before = after(closedBreaker(0), 9_999, ['failed', 'failed', 'failed']);
    // At 12,500, three quarters of 3 failures count: 2.25 and this one are fewer than 4 calls.
    expect(after(before, 12_500, ['failed']).kind).toBe('closed');
    expect(after(before, 12_500, ['failed', 'failed']).kind).toBe('open');
    expect(after(before, 25_000, ['failed', 'failed', 'failed']).kind).toBe('closed');
  });
});

describe('an open circuit', () => {
  const open = after(closedBreaker(0), 0, ['failed', 'failed', 'failed', 'failed']);

  it('lets nothing through until its time is over', () => {
    expect(admitCall(open, 999, rules)).toEqual({ admitted: false, state: open });
    expect(admitCall(open, 1_000, rules)).toMatchObject({ admitted: true, state: { kind: 'half-open' } });
  });

  it('takes no notice of calls that began before it opened', () => {
    expect(recordCall(open, { era: 0, outcome: 'succeeded' }, 500, rules)).toBe(open);
    const halfOpen = admitCall(open, 1_000, rules).state;
    expect(recordCall(halfOpen, { era: 0, outcome: 'failed' }, 1_001, rules)).toBe(halfOpen);
  });

  it('lets so many probes through at a time, and closes when all of them succeeded', () => {
    const first = admitCall(open, 1_000, rules);
    const second = admitCall(first.state, 1_000, rules);
    expect(second.admitted).toBe(true);
    expect(admitCall(second.state, 1_000, rules).admitted).toBe(false);
    const { era } = second.state;
    const one = recordCall(second.state, { era, outcome: 'succeeded' }, 1_100, rules);
    expect(one).toMatchObject({ kind: 'half-open', underWay: 1, succeeded: 1 });
    expect(recordCall(one, { era, outcome: 'succeeded' }, 1_200, rules)).toMatchObject({
      kind: 'closed',
      counts: { calls: 0, failed: 0 },
    });
  });

  it('lets another probe through in place of one that said nothing', () => {
    const { state } = admitCall(admitCall(open, 1_000, rules).state, 1_000, rules);
    const freed = recordCall(state, { era: state.era, outcome: 'unknown' }, 1_100, rules);
    expect(admitCall(freed, 1_100, rules).admitted).toBe(true);
  });

  it('opens for twice as long after each probe that fails, up to a limit', () => {
    const reopen = (state: BreakerState, now: number) => {
      const halfOpen = admitCall(state, now, rules).state;
      return recordCall(halfOpen, { era: halfOpen.era, outcome: 'failed' }, now, rules);
    };
    const twice = reopen(open, 1_000);
    expect(twice).toMatchObject({ kind: 'open', until: 3_000 });
    const limited = reopen(twice, 3_000);
    expect(limited).toMatchObject({ kind: 'open', until: 6_000 });
    expect(reopen(limited, 6_000)).toMatchObject({ kind: 'open', until: 9_000 });
  });
});
