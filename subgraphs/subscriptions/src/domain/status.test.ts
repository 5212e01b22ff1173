import { addDays, localDate, startOfDay } from '@fulfillment/kernel/domain/calendar';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type StatusFacts, statusAt, statusOn } from './status.js';

const term = { startDate: localDate('2026-01-31'), endDate: localDate('2027-01-31'), months: 12 };
const paid: StatusFacts = { term, trial: false, canceledOn: null, suspendedOn: null };
const trial: StatusFacts = { ...paid, trial: true };
const canceled: StatusFacts = { ...paid, canceledOn: localDate('2026-06-01') };
const canceledBefore: StatusFacts = { ...paid, canceledOn: localDate('2026-01-10') };
const suspended: StatusFacts = { ...paid, suspendedOn: localDate('2026-04-01') };
const canceledAtEnd: StatusFacts = { ...paid, canceledOn: localDate('2027-01-31') };

describe('how a subscription stands on a day', () => {
  test.each([
    ['the day before its first', paid, '2026-01-30', 'FUTURE'],
    ['its first day', paid, '2026-01-31', 'ACTIVE'],
    ['its last day', paid, '2027-01-30', 'ACTIVE'],
    ['the day on which the term ends', paid, '2027-01-31', 'GRACE'],
    ['the last day on which it can still be renewed', paid, '2027-02-13', 'GRACE'],
    ['the day after that', paid, '2027-02-14', 'LAPSED'],
    ['a trial before its first day', trial, '2026-01-30', 'FUTURE'],
    ['a trial on its first day', trial, '2026-01-31', 'TRIAL'],
    ['a trial on its last day', trial, '2027-01-30', 'TRIAL'],
    ['a trial that has ended', trial, '2027-01-31', 'LAPSED'],
    ['the day before it is suspended', suspended, '2026-03-31', 'ACTIVE'],
    ['the day on which it is suspended', suspended, '2026-04-01', 'SUSPENDED'],
    ['suspended, on the last day of the term', suspended, '2027-01-30', 'SUSPENDED'],
    ['suspended when the term ended, so it cannot be renewed', suspended, '2027-01-31', 'LAPSED'],
    [
      'suspended and canceled',
      { ...suspended, canceledOn: localDate('2026-06-01') },
      '2026-06-01',
      'CANCELED',
    ],
    ['the day before it is canceled', canceled, '2026-05-31', 'ACTIVE'],
    ['the day on which it is canceled', canceled, '2026-06-01', 'CANCELED'],
    ['canceled, and the term is over', canceled, '2027-02-01', 'CANCELED'],
    ['canceled before it began, the day before', canceledBefore, '2026-01-09', 'FUTURE'],
    ['canceled before it began', canceledBefore, '2026-01-10', 'CANCELED'],
    ['canceled before it began, on what was its first day', canceledBefore, '2026-01-31', 'CANCELED'],
    ['canceled for the end of the term, on its last day', canceledAtEnd, '2027-01-30', 'ACTIVE'],
    ['canceled for the end of the term, when it has ended', canceledAtEnd, '2027-01-31', 'LAPSED'],
  ] as const)('%s', (_, facts, day, status) => {
    expect(statusOn(facts, localDate(day))).toBe(status);
  });

  it('passes through its states in one direction, whatever the dates', () => {
    const rank = { FUTURE: 0, TRIAL: 1, ACTIVE: 1, SUSPENDED: 2, GRACE: 3, LAPSED: 4, CANCELED: 5 };
    const day = fc.integer({ min: 0, max: 900 }).map((days) => addDays(localDate('2026-01-01'), days));
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: 1, max: 400 }),
        fc.record({ trial: fc.boolean(), canceledOn: fc.option(day), suspendedOn: fc.option(day) }),
        day,
        day,
        (...drawn) => {
          const [startDate, length, rest, one, other] = drawn;
          const facts = { ...rest, term: { startDate, endDate: addDays(startDate, length), months: null } };
          const [earlier, later] = one <= other ? [one, other] : [other, one];
          expect(rank[statusOn(facts, earlier)]).toBeLessThanOrEqual(rank[statusOn(facts, later)]);
        },
      ),
    );
  });
});

describe('how a subscription stands at an instant', () => {
  test.each([
    // C22: created at 2015-11-01T07:01:01Z, which is 00:01 of that day in Los Angeles, and canceled on 2015-12-01.
    ['C22: at its creation', 'America/Los_Angeles', '2015-11-01T07:01:01Z', 'ACTIVE'],
    ['C22: a second before its first day', 'America/Los_Angeles', '2015-11-01T06:59:59Z', 'FUTURE'],
    ['C22: the last second of November', 'America/Los_Angeles', '2015-12-01T07:59:59Z', 'ACTIVE'],
    ['C22: the first second of December', 'America/Los_Angeles', '2015-12-01T08:00:00Z', 'CANCELED'],
    ['in Auckland, where the day has begun', 'Pacific/Auckland', '2015-11-30T11:00:00Z', 'CANCELED'],
    ['in Kolkata, half an hour off', 'Asia/Kolkata', '2015-11-30T18:29:59Z', 'ACTIVE'],
    ['in Kolkata, at midnight', 'Asia/Kolkata', '2015-11-30T18:30:00Z', 'CANCELED'],
  ] as const)('%s', (_, billingTimeZone, instant, status) => {
    const agreement = {
      ...paid,
      term: { startDate: localDate('2015-11-01'), endDate: localDate('2016-11-01'), months: 12 },
      canceledOn: localDate('2015-12-01'),
    };
    expect(statusAt({ agreement, billingTimeZone }, new Date(instant))).toBe(status);
  });

  it('changes at the first instant of the local day, where clocks change too', () => {
    const billingTimeZone = 'America/Sao_Paulo';
    // Daylight saving skipped this midnight: the day began at 01:00.
    const day = localDate('2018-11-04');
    const agreement = { ...paid, term: { startDate: day, endDate: addDays(day, 30), months: null } };
    const facts = { agreement, billingTimeZone };
    const midnight = startOfDay(day, billingTimeZone).getTime();
    expect(statusAt(facts, new Date(midnight - 1))).toBe('FUTURE');
    expect(statusAt(facts, new Date(midnight))).toBe('ACTIVE');
  });
});
