import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, availableSeats, changedUsers, isPerUser, unassign } from './add-on-seats.js';

const nobody = new Set<string>();

describe('assign', () => {
  test('gives what is left in the order of the users, each once', () => {
    const outcomes = assign({ purchased: 3, assigned: 1 }, new Set(['ann']), [
      'ann',
      'ben',
      'ben',
      'cat',
      'dan',
    ]);
    expect(outcomes).toEqual([
      { ok: true, userId: 'ann', changed: false },
      { ok: true, userId: 'ben', changed: true },
      { ok: true, userId: 'ben', changed: false },
      { ok: true, userId: 'cat', changed: true },
      { ok: false, userId: 'dan', reason: 'NO_SEAT_LEFT' },
    ]);
    expect(changedUsers(outcomes)).toEqual(['ben', 'cat']);
  });

  test('gives none where more are assigned than purchased, and takes none away', () => {
    const outcomes = assign({ purchased: 2, assigned: 5 }, new Set(['ann']), ['ann', 'ben']);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false]);
    expect(availableSeats({ purchased: 2, assigned: 5 })).toBe(0);
  });

  test('never gives more than there are, whoever asks in whatever order', () => {
    const users = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(users, { maxLength: 5 }), fc.nat(6), (calls, purchased) => {
        const holders = new Set<string>();
        for (const call of calls) {
          const outcomes = assign({ purchased, assigned: holders.size }, holders, call);
          for (const userId of changedUsers(outcomes)) holders.add(userId);
          expect(holders.size).toBeLessThanOrEqual(purchased);
          expect(outcomes.every(({ ok, userId }) => ok === holders.has(userId))).toBe(true);
        }
      }),
    );
  });
});

test('unassign takes each seat once', () => {
  expect(unassign(new Set(['ann']), ['ann', 'ann', 'ben'])).toEqual([
    { ok: true, userId: 'ann', changed: true },
    { ok: true, userId: 'ann', changed: false },
    { ok: true, userId: 'ben', changed: false },
  ]);
  expect(unassign(nobody, [])).toEqual([]);
});

test.each([
  ['ON_OFF' as const, true],
  ['LIMIT' as const, false],
  ['METERED_ALLOWANCE' as const, false],
])('an add-on of a feature %s is for named users: %s', (kind, perUser) => {
  const features = [{ key: 'feature', name: 'Feature', kind, quantity: null }];
  expect(isPerUser({ features })).toBe(perUser);
});
