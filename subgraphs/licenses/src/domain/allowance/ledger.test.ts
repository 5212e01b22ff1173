import { addMonths, localDate } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allowanceAt,
  monthStart,
  usualPriority,
  utcStart,
  type AllowanceGrant,
  type UsedPart,
} from './ledger.js';

function grant(id: string, quantity: number, more: Partial<AllowanceGrant> = {}): AllowanceGrant {
  const from = new Date('2026-04-01T00:00:00Z');
  return { id, quantity, priority: usualPriority, from, until: null, rolloverCap: null, ...more };
}

function used(day: string, amount: number, quota = 0): UsedPart {
  const from = new Date(`${day}T00:00:00Z`);
  return { month: monthStart(from), from, used: amount, quota };
}

const noon = (day: string) => new Date(`${day}T12:00:00Z`);

test('A6: the pack carries over, the quota does not', () => {
  const facts = {
    quota: 10_000,
    grants: [grant('pack', 5_000)],
    parts: [used('2026-04-01', 13_000, 10_000)],
  };
  expect(allowanceAt(facts, noon('2026-04-30'))).toMatchObject({ allowance: 15_000, remaining: 2_000 });
  expect(allowanceAt(facts, utcStart(localDate('2026-05-01')))).toMatchObject({
    allowance: 12_000,
    remaining: 12_000,
    resetsOn: '2026-06-01',
  });
});

describe('F56: two grants of 100, 120 used', () => {
  const soon = new Date('2026-06-01T00:00:00Z');
  const late = new Date('2026-09-01T00:00:00Z');
  test.each<[why: string, first: Partial<AllowanceGrant>, second: Partial<AllowanceGrant>]>([
    [
      'the higher priority burns first, whatever expires',
      { priority: 1, until: late },
      { priority: 2, until: soon },
    ],
    ['at equal priority the earlier expiry', { until: soon }, { until: late }],
    ['what expires before what never does', { until: late }, {}],
    ['at equal expiry the older', {}, { from: new Date('2026-04-02T00:00:00Z') }],
  ])('%s', (_why, first, second) => {
    // In either order of arrival, and with ids that say the opposite.
    const grants = [grant('z', 100, first), grant('a', 100, second)];
    for (const given of [grants, grants.toReversed()]) {
      const state = allowanceAt(
        { quota: 0, grants: given, parts: [used('2026-04-01', 120)] },
        noon('2026-04-20'),
      );
      expect([state.left.get('z'), state.left.get('a')]).toEqual([0, 80]);
    }
  });
});

test('F57: what carries over is capped, grant by grant', () => {
  const grants = [grant('a', 1_000, { rolloverCap: 1_000 }), grant('b', 1_000, { rolloverCap: 100 })];
  const facts = { quota: 0, grants, parts: [used('2026-04-01', 600)] };
  const after = allowanceAt(facts, noon('2026-05-01'));
  expect(after).toMatchObject({
    remaining: 500,
    left: new Map([
      ['a', 400],
      ['b', 100],
    ]),
  });
  // Months in which nothing is used change nothing more.
  expect(allowanceAt(facts, noon('2027-01-01')).remaining).toBe(500);
});

describe('the month’s quota among grants', () => {
  const quota = 100;
  test.each<[why: string, more: Partial<AllowanceGrant>, quotaLeft: number, left: number]>([
    ['burns before what has no end', {}, 0, 70],
    ['burns before what ends after the month', { until: new Date('2026-05-02T00:00:00Z') }, 0, 70],
    ['burns after what ends within the month', { until: new Date('2026-04-25T00:00:00Z') }, 70, 0],
    ['burns after what has a higher priority', { priority: 1 }, 70, 0],
  ])('%s', (_why, more, quotaLeft, left) => {
    const facts = { quota, grants: [grant('g', 100, more)], parts: [used('2026-04-01', 130, quota)] };
    expect(allowanceAt(facts, noon('2026-04-20'))).toMatchObject({ quotaLeft, left: new Map([['g', left]]) });
  });
});

test('what has ended is not there, though what was used of it counts as granted', () => {
  const until = new Date('2026-04-15T00:00:00Z');
  const facts = {
    quota: 100,
    grants: [grant('g', 50, { until })],
    parts: [used('2026-04-01', 30, 100), used('2026-04-15', 40, 100)],
  };
  expect(allowanceAt(facts, noon('2026-04-14'))).toMatchObject({ remaining: 80, allowance: 150 });
  expect(allowanceAt(facts, until)).toMatchObject({ remaining: 60, used: 70, overage: 0, allowance: 130 });
});

test('what goes beyond everything is overage, and takes nothing from the next month', () => {
  const facts = { quota: 100, grants: [grant('g', 50)], parts: [used('2026-04-01', 170, 100)] };
  expect(allowanceAt(facts, noon('2026-04-20'))).toMatchObject({ remaining: 0, overage: 20, allowance: 150 });
  expect(allowanceAt(facts, noon('2026-05-01'))).toMatchObject({ remaining: 100, overage: 0, used: 0 });
});

test('a past month keeps the quota that it had', () => {
  const facts = { quota: 400, grants: [grant('g', 50)], parts: [used('2026-04-01', 10_000, 10_000)] };
  expect(allowanceAt(facts, noon('2026-05-01'))).toMatchObject({ remaining: 450 });
});

const anyGrant = fc
  .record({
    quantity: fc.nat(1_000),
    priority: fc.integer({ min: 1, max: 3 }),
    begins: fc.integer({ min: 0, max: 200 }),
    length: fc.option(fc.integer({ min: 1, max: 200 })),
    rolloverCap: fc.option(fc.nat(500)),
  })
  .map(({ quantity, priority, begins, length, rolloverCap }) => {
    const day = 86_400_000;
    const from = new Date(Date.parse('2026-01-01T00:00:00Z') + begins * day);
    const until = length === null ? null : new Date(from.getTime() + length * day);
    return { quantity, priority, from, until, rolloverCap };
  });

const anyHistory = fc.record({
  quota: fc.nat(300),
  grants: fc.array(anyGrant, { maxLength: 5 }),
  months: fc.array(fc.record({ month: fc.nat(8), used: fc.nat(900), quota: fc.nat(300) }), { maxLength: 8 }),
});

function factsOf({ quota, grants, months }: typeof anyHistory extends fc.Arbitrary<infer T> ? T : never) {
  const quotas = new Map(months.map((one) => [one.month, one.quota]));
  return {
    quota,
    grants: grants.map((one, index) => ({ ...one, id: `g${index}` })),
    parts: months.map(({ month, used: amount }) => {
      const start = addMonths(localDate('2026-01-01'), month);
      return { month: start, from: utcStart(start), used: amount, quota: quotas.get(month) ?? 0 };
    }),
  };
}

const end = new Date('2026-09-15T00:00:00Z');

test('what was burned and the overage are what was used; nothing is ever negative', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      // What ended within the month has a test of its own: it leaves without having been used.
      const endsInMonth = ({ until }: { until: Date | null }) =>
        until !== null && until > new Date('2026-09-01T00:00:00Z') && until <= end;
      const grants = history.grants.map((one) => (endsInMonth(one) ? { ...one, until: null } : one));
      const facts = factsOf({ ...history, grants });
      const state = allowanceAt(facts, end);
      const own = facts.parts.filter(({ month }) => month === '2026-09-01');
      expect(state.used).toBe(own.reduce((sum, part) => sum + part.used, 0));
      const unburned = allowanceAt(
        { ...facts, parts: facts.parts.filter((part) => !own.includes(part)) },
        end,
      );
      // What is gone since the month began was used, or is over all of it.
      expect(unburned.remaining - state.remaining + state.overage).toBe(state.used);
      for (const one of [state.allowance, state.remaining, state.overage, ...state.left.values()]) {
        expect(one).toBeGreaterThanOrEqual(0);
      }
      expect(state.overage === 0 || state.remaining === 0).toBe(true);
    }),
  );
});

test('the order in which grants and uses are known changes nothing', () => {
  fc.assert(
    fc.property(anyHistory, fc.infiniteStream(fc.nat()), (history, random) => {
      const { quota, grants, parts } = factsOf(history);
      const shuffled = <T>(all: readonly T[]) =>
        all
          .map((one) => ({ one, place: random.next().value as number }))
          .toSorted((left, right) => left.place - right.place)
          .map(({ one }) => one);
      const state = allowanceAt({ quota, grants, parts }, end);
      const other = allowanceAt({ quota, grants: shuffled(grants), parts: shuffled(parts) }, end);
      expect({ ...other, left: Object.fromEntries(other.left) }).toEqual({
        ...state,
        left: Object.fromEntries(state.left),
      });
    }),
  );
});

test('more of a grant never leaves less, and more use never leaves more', () => {
  fc.assert(
    fc.property(anyHistory, fc.nat(8), fc.nat(500), (history, month, more) => {
      const facts = factsOf(history);
      const before = allowanceAt(facts, end).remaining;
      const richer = {
        ...facts,
        grants: facts.grants.map((one) => ({ ...one, quantity: one.quantity + more })),
      };
      expect(allowanceAt(richer, end).remaining).toBeGreaterThanOrEqual(before);
      const start = addMonths(localDate('2026-01-01'), month);
      const quota = facts.parts.find((part) => part.month === start)?.quota ?? 0;
      const part = { month: start, from: utcStart(start), used: more, quota };
      expect(allowanceAt({ ...facts, parts: [...facts.parts, part] }, end).remaining).toBeLessThanOrEqual(
        before,
      );
    }),
  );
});
