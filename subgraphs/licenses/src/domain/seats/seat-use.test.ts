import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordOf } from './seat-record.js';
import { sampleFault, type SeatSample } from './seat-sample.js';
import { seatUseOf, type SeatUse } from './seat-use.js';

const term = { start: localDate('2026-01-01'), end: localDate('2027-01-01') };

const later = new Date('2026-12-01T00:00:00Z');

function sample(day: string, members: number, more: Partial<SeatSample> = {}): SeatSample {
  const takenAt = new Date(day.includes('T') ? day : `${day}T06:00:00Z`);
  return { instanceId: null, takenAt, members, guests: 0, maximum: null, ...more };
}

function use(
  samples: readonly SeatSample[],
  { guestsBill = true, during = term }: { guestsBill?: boolean; during?: LocalPeriod | null } = {},
): SeatUse | null {
  return seatUseOf(recordOf(samples, during), { term: during, guestsBill, at: later });
}

describe('seatUseOf', () => {
  test('case A2: users over time 10, 12, 9, 13 have the maximum 13', () => {
    const days = ['2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01'];
    const samples = [10, 12, 9, 13].map((members, index) => sample(days[index] ?? '', members));
    expect(use(samples)).toMatchObject({ used: 13, maximum: 13 });
  });

  test('case A1: the maxima of the quarters', () => {
    const samples = [
      sample('2026-02-01', 110),
      sample('2026-05-01', 105),
      sample('2026-08-01', 120),
      sample('2026-11-01', 120),
    ];
    expect(use(samples)?.quarters).toEqual([
      { start: '2026-01-01', end: '2026-04-01', maximum: 110 },
      { start: '2026-04-01', end: '2026-07-01', maximum: 105 },
      { start: '2026-07-01', end: '2026-10-01', maximum: 120 },
      { start: '2026-10-01', end: '2027-01-01', maximum: 120 },
    ]);
  });

  test('each day has its own highest count, and the same one on days in a row is told once', () => {
    const samples = [
      sample('2026-01-01', 7),
      sample('2026-01-03T01:00:00Z', 9),
      sample('2026-01-03T09:00:00Z', 12),
      sample('2026-03-31', 12),
      sample('2026-04-01', 12),
      // No sample accounts for it: it counts on the day on which it was told of.
      sample('2026-04-03', 5, { maximum: { users: 20, since: localDate('2026-04-03') } }),
    ];
    expect(use(samples)?.days).toEqual([
      [0, 1, 7],
      [2, 1, 12],
      [89, 2, 12],
      [92, 1, 20],
    ]);
    expect(use(samples, { during: null })?.days).toEqual([]);
  });

  test('the highest counts from the day on which the account has the term, and its days and quarters are all told', () => {
    const samples = [
      sample('2026-02-01', 110),
      sample('2026-05-10T23:59:59Z', 90),
      sample('2026-05-11T00:00:00Z', 40),
      sample('2026-08-01', 60),
      // It looks back on what the former account had, so nobody can tell whose it was.
      sample('2026-09-01', 50, { maximum: { users: 130, since: term.start } }),
      sample('2026-09-02', 50, { maximum: { users: 70, since: localDate('2026-05-11') } }),
    ];
    const record = recordOf(samples, term);
    const held = (heldFrom: string) =>
      seatUseOf(record, { term, heldFrom: localDate(heldFrom), guestsBill: true, at: later });
    expect(held('2026-05-11')).toMatchObject({ used: 50, maximum: 70 });
    expect(held('2026-05-11')?.quarters.map(({ maximum }) => maximum)).toEqual([110, 90, 70, 0]);
    expect(held('2026-05-10')).toMatchObject({ maximum: 90 });
    expect(held('2026-12-01')).toMatchObject({ maximum: 0 });
    expect(held('2026-01-01')).toMatchObject({ maximum: 130 });
    expect(seatUseOf(record, { term, guestsBill: true, at: later })).toMatchObject({ maximum: 130 });
  });

  test('the term is half-open in days of UTC', () => {
    const samples = [
      sample('2025-12-31T23:59:59.999Z', 50),
      sample('2026-01-01T00:00:00Z', 10),
      sample('2026-12-31T23:59:59Z', 12),
      sample('2027-01-01T00:00:00Z', 60),
    ];
    expect(use(samples)).toMatchObject({ maximum: 12, used: 60 });
  });

  test('of several instances the highest counts, not the sum; one that is silent for 30 days is out of use', () => {
    const samples = [
      sample('2026-03-01', 40, { instanceId: 'production' }),
      sample('2026-03-02', 7, { instanceId: 'staging' }),
    ];
    expect(use(samples)).toMatchObject({ used: 40, maximum: 40 });
    expect(use([...samples, sample('2026-04-02', 8, { instanceId: 'staging' })])).toMatchObject({
      used: 8,
      maximum: 40,
    });
  });

  test('an instance that was taken out of use counts no more, until it reports again', () => {
    const record = recordOf([sample('2026-03-01', 40)], term);
    const ended = (at: string) =>
      seatUseOf(
        { ...record, newest: record.newest.map((one) => ({ ...one, endedAt: new Date(at) })) },
        { term, guestsBill: true, at: later },
      );
    expect(ended('2026-03-05T00:00:00Z')).toMatchObject({ used: 0, maximum: 40 });
    expect(ended('2026-02-05T00:00:00Z')).toMatchObject({ used: 40 });
  });

  describe('an activated instance that is not heard of for 30 days', () => {
    const samples = [
      sample('2026-03-01', 40, { instanceId: 'production' }),
      sample('2026-03-11', 7, { instanceId: 'staging' }),
    ];
    const heard = (heardOf: readonly (string | null)[], at: string) => {
      const record = recordOf(samples, term);
      const newest = record.newest.map((one, index) => {
        const day = heardOf[index] ?? null;
        return { ...one, heardOf: day === null ? null : new Date(`${day}T06:00:00Z`) };
      });
      return seatUseOf({ ...record, newest }, { term, guestsBill: true, at: new Date(at) });
    };
    const both = ['2026-03-01', '2026-03-11'];
    test.each<[why: string, heardOf: (string | null)[], at: string, used: number, holdsUntil: string | null]>(
      [
        ['counts up to the instant', both, '2026-03-31T05:59:59.999Z', 40, '2026-03-31T06:00:00.000Z'],
        ['counts no more from it on', both, '2026-03-31T06:00:00Z', 7, '2026-04-10T06:00:00.000Z'],
        ['nor does the last one', both, '2026-04-10T06:00:00Z', 0, null],
        [
          'counts on while it is heard of, though it tells of nobody',
          ['2026-04-05', '2026-03-11'],
          '2026-04-20T00:00:00Z',
          40,
          '2026-05-05T06:00:00.000Z',
        ],
        [
          'is heard of by what it told by a file',
          ['2026-02-01', '2026-02-01'],
          '2026-03-30T00:00:00Z',
          40,
          '2026-03-31T06:00:00.000Z',
        ],
        ['is no matter where it reports by files', [null, null], '2026-11-01T00:00:00Z', 40, null],
      ],
    )('%s', (_why, heardOf, at, used, holdsUntil) => {
      expect(heard(heardOf, at)).toMatchObject({
        used,
        maximum: 40,
        holdsUntil: holdsUntil === null ? null : new Date(holdsUntil),
      });
    });
  });

  test('guests count by the plan', () => {
    const samples = [sample('2026-02-01', 10, { guests: 5 }), sample('2026-03-01', 12)];
    expect(use(samples)).toMatchObject({ used: 12, maximum: 15 });
    expect(use(samples, { guestsBill: false })).toMatchObject({ used: 12, maximum: 12 });
  });

  test.each<[why: string, samples: SeatSample[], maxima: number[]]>([
    [
      'a peak between two reports counts on the day on which it is told of',
      [sample('2026-02-01', 10), sample('2026-05-01', 11, { maximum: { users: 19, since: term.start } })],
      [10, 19, 0, 0],
    ],
    [
      'one that a sample accounts for counts on that day alone',
      [sample('2026-02-01', 19), sample('2026-05-01', 11, { maximum: { users: 19, since: term.start } })],
      [19, 11, 0, 0],
    ],
    [
      'one that goes back takes nothing back',
      [
        sample('2026-02-01', 10, { maximum: { users: 19, since: term.start } }),
        sample('2026-05-01', 11, { maximum: { users: 14, since: term.start } }),
      ],
      [19, 11, 0, 0],
    ],
    [
      'one that looks back beyond the term says nothing of it',
      [sample('2026-02-01', 10, { maximum: { users: 90, since: localDate('2025-01-01') } })],
      [10, 0, 0, 0],
    ],
  ])('a historical maximum: %s', (_why, samples, maxima) => {
    expect(use(samples)?.quarters.map(({ maximum }) => maximum)).toEqual(maxima);
  });

  test('without a term all days count; without a report nothing is known', () => {
    expect(use([sample('2020-01-01', 9), sample('2026-01-01', 3)], { during: null })).toMatchObject({
      used: 3,
      maximum: 9,
      quarters: [],
    });
    expect(use([])).toBeNull();
  });

  test('neither the order of reports nor their repetition changes anything', () => {
    const anySample = fc
      .record({
        day: fc.integer({ min: -40, max: 420 }),
        hour: fc.constantFrom('00', '12', '23'),
        instanceId: fc.constantFrom(null, 'a', 'b'),
        members: fc.nat(30),
        guests: fc.nat(10),
        maximum: fc.option(fc.record({ users: fc.nat(40), back: fc.integer({ min: 0, max: 300 }) })),
      })
      .map(({ day, hour, maximum, ...counts }): SeatSample => {
        const on = addDays(term.start, day);
        return {
          ...counts,
          takenAt: new Date(`${on}T${hour}:00:00Z`),
          maximum: maximum && { users: maximum.users, since: addDays(on, -maximum.back) },
        };
      });
    const told = fc
      .array(anySample, { minLength: 1, maxLength: 12 })
      .chain((samples) =>
        fc.tuple(
          fc.constant(samples),
          fc.shuffledSubarray([...samples, ...samples], { minLength: samples.length * 2 }),
          fc.boolean(),
        ),
      );
    fc.assert(
      fc.property(told, ([samples, again, guestsBill]) => {
        expect(use(again, { guestsBill })).toEqual(use(samples, { guestsBill }));
      }),
      { numRuns: 500 },
    );
  });
});

describe('sampleFault', () => {
  const now = new Date('2026-06-15T12:00:00Z');
  test.each<[field: string | undefined, given: SeatSample]>([
    [undefined, sample('2026-06-15', 0)],
    [undefined, sample('2026-06-15T12:05:00Z', 1)],
    [undefined, sample('2022-01-01', 1)],
    ['takenAt', sample('2026-06-15T12:05:01Z', 1)],
    ['takenAt', sample('2021-01-01', 1)],
    ['takenAt', { ...sample('2026-06-15', 1), takenAt: new Date(Number.NaN) }],
    ['members', sample('2026-06-15', -1)],
    ['members', sample('2026-06-15', 1.5)],
    ['members', sample('2026-06-15', 100_000_001)],
    ['guests', sample('2026-06-15', 1, { guests: -1 })],
    ['maximum', sample('2026-06-15', 1, { maximum: { users: -1, since: term.start } })],
    ['maximum', sample('2026-06-15', 1, { maximum: { users: 1, since: localDate('2026-06-16') } })],
  ])('%s', (field, given) => {
    expect(sampleFault(given, now)?.field).toBe(field);
  });
});
