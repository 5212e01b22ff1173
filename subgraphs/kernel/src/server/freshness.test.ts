import { describe, expect, it } from 'vitest';
import { RequestFreshness } from './freshness.js';

const received = new Date('2026-06-15T12:00:00.000Z');
const after = (milliseconds: number) => new Date(received.getTime() + milliseconds);

describe('how long an answer holds', () => {
  it('is not known when nobody told', () => {
    const freshness = new RequestFreshness(received, null);
    freshness.holdsUntil(after(1_000), received);
    expect(freshness.answer()).toBeNull();
  });

  it('has no end by the clock when nothing ends it', () => {
    const freshness = new RequestFreshness(received, null);
    freshness.dependsOn('catalog', 'account:a', 'catalog');
    freshness.holdsUntil(null, received);
    expect(freshness.answer()).toEqual({ holdsForMs: null, dependsOn: ['catalog', 'account:a'] });
  });

  it('is the shortest time that anybody told, by the clock of each account', () => {
    const freshness = new RequestFreshness(received, null);
    freshness.dependsOn('account:a');
    freshness.holdsUntil(after(90_000), after(30_000));
    freshness.holdsUntil(after(70_000), received);
    expect(freshness.answer()?.holdsForMs).toBe(1_000);
  });

  it.each([
    ['beyond ten seconds of the system: on a test clock', 20_000, 1_000],
    ['within: not', 1_000, 59_000],
  ])('%s', (_why, ahead, holdsForMs) => {
    const freshness = new RequestFreshness(received, null);
    freshness.dependsOn('account:a');
    freshness.holdsUntil(after(60_000), after(ahead));
    expect(freshness.answer()?.holdsForMs).toBe(holdsForMs);
  });

  it('ends when a grant begins or ends, and never before now', () => {
    const soon = new RequestFreshness(received, after(5_000));
    soon.dependsOn('account:a');
    expect(soon.answer()?.holdsForMs).toBe(5_000);
    const past = new RequestFreshness(received, after(-5));
    past.dependsOn('account:a');
    expect(past.answer()?.holdsForMs).toBe(0);
  });
});
