import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysWith, isNext, peakWith, withNext } from './next-samples.js';
import { mergeSamples, recordOf } from './seat-record.js';
import type { SeatSample } from './seat-sample.js';

const term = { start: localDate('2026-01-01'), end: localDate('2026-03-01') };

const anySample = fc
  .record({
    day: fc.integer({ min: -10, max: 80 }),
    hour: fc.constantFrom('00', '11', '23'),
    instanceId: fc.constantFrom(null, 'a', 'b'),
    members: fc.nat(30),
    guests: fc.nat(10),
    maximum: fc.option(fc.record({ users: fc.constantFrom(7, 20), back: fc.constantFrom(0, 20) })),
  })
  .map(({ day, hour, maximum, ...counts }): SeatSample => {
    const on = addDays(term.start, day);
    return {
      ...counts,
      takenAt: new Date(`${on}T${hour}:00:00Z`),
      maximum: maximum && { users: maximum.users, since: addDays(on, -maximum.back) },
    };
  });

/** Some samples in the order in which they were taken, the first of which are known; those after them tell of no other maximum. */
const anyReport = fc
  .tuple(fc.array(anySample, { minLength: 2, maxLength: 12 }), fc.nat(11), fc.boolean())
  .map(([samples, count, toldAgain]) => {
    const inOrder = samples.toSorted((left, right) => left.takenAt.getTime() - right.takenAt.getTime());
    const known = inOrder.slice(0, count);
    const maximum = toldAgain ? (known.findLast((one) => one.maximum !== null)?.maximum ?? null) : null;
    return { known, after: inOrder.slice(count).map((one) => ({ ...one, maximum })) };
  });

describe('next samples', () => {
  test('what is known with them is what all samples together make', () => {
    let compared = 0;
    fc.assert(
      fc.property(anyReport, ({ known, after }) => {
        const before = recordOf(known, term);
        if (!after.every((sample) => isNext(sample, before))) return;
        compared += 1;
        const all = recordOf([...known, ...after], term);
        const next = mergeSamples(after);
        const { newest, maxima } = withNext(before, next);
        expect(new Set(newest)).toEqual(new Set(all.newest));
        expect(maxima).toEqual(all.maxima);
        expect(daysWith(before.days, term, next)).toEqual(all.days);
        const highest = recordOf(known, null).highest ?? undefined;
        expect(peakWith(highest, next)).toEqual(recordOf([...known, ...after], null).highest);
      }),
      { numRuns: 1_000 },
    );
    expect(compared).toBeGreaterThan(200);
  });

  const at = (day: string, more: Partial<SeatSample> = {}): SeatSample => ({
    instanceId: 'a',
    takenAt: new Date(`${day}T06:00:00Z`),
    members: 5,
    guests: 0,
    maximum: null,
    ...more,
  });
  const maximum = { users: 9, since: localDate('2026-01-01') };
  const known = recordOf([at('2026-02-02', { maximum })], term);

  test.each<[why: string, next: boolean, sample: SeatSample]>([
    ['a day later', true, at('2026-02-03')],
    ['at the same moment', false, at('2026-02-02')],
    ['before', false, at('2026-02-01')],
    ['of another instance, of which nothing is known', false, at('2026-02-03', { instanceId: 'b' })],
    ['of the deployment as a whole, of which nothing is known', true, at('2026-02-01', { instanceId: null })],
    ['with the same maximum', true, at('2026-02-03', { maximum })],
    ['with a higher maximum', false, at('2026-02-03', { maximum: { ...maximum, users: 10 } })],
    [
      'with a maximum that begins elsewhen',
      false,
      at('2026-02-03', { maximum: { ...maximum, since: localDate('2026-01-02') } }),
    ],
    ['with a maximum that was told of later', false, at('2026-02-01', { instanceId: null, maximum })],
  ])('%s: %s', (_, next, sample) => {
    expect(isNext(sample, known)).toBe(next);
  });
});
