import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import { isOver, type MeasuredUse, monthFrom, noticeOf, stillHolds } from './usage-notice.js';
import { usageNoticeMail } from './usage-notice-mail.js';

const at = new Date('2026-06-15T12:00:00Z');
const deployment = { id: 'd', accountId: 'a' };
const seats: MeasuredUse = {
  deployment,
  subject: { kind: 'SEATS' },
  period: { start: localDate('2026-01-01'), end: localDate('2027-01-01') },
  used: 8,
  available: 10,
  before: null,
};
const minutes: MeasuredUse = {
  ...seats,
  subject: { kind: 'ALLOWANCE', featureKey: 'compute', featureName: 'Compute minutes' },
  period: monthFrom(localDate('2026-06-01')),
  used: 12_345,
  available: 10_000,
};
const notice = (use: MeasuredUse) => {
  const reached = noticeOf(use, at);
  if (reached === null) throw new Error('Nobody is told');
  return reached.notice;
};

describe('a use', () => {
  test.each([
    [0, 10, undefined],
    [7, 10, undefined],
    [8, 10, 80],
    [9, 10, 80],
    [10, 10, 100],
    [25, 10, 100],
    // Exactly, without rounding.
    [79_999_999, 100_000_000, undefined],
    [80_000_000, 100_000_000, 80],
    [5, 0, undefined],
  ])('of %i of %i is told at %s per cent', (used, available, percent) => {
    expect(noticeOf({ ...seats, used, available }, at)?.notice.percent).toBe(percent);
  });

  test.each<[before: MeasuredUse['before'], used: number, percent: number, crosses: boolean]>([
    [null, 8, 80, true],
    [{ used: 7, available: 10 }, 8, 80, true],
    [{ used: 8, available: 10 }, 9, 80, false],
    [{ used: 8, available: 10 }, 10, 100, true],
    [{ used: 10, available: 10 }, 10, 100, false],
    // There was more, or nothing, to be used until then.
    [{ used: 8, available: 11 }, 8, 80, true],
    [{ used: 8, available: 9 }, 8, 80, false],
    [{ used: 8, available: 0 }, 8, 80, true],
  ])('after %j, %i of 10 reaches %i per cent: %s', (before, used, percent, crosses) => {
    expect(noticeOf({ ...seats, used, before }, at)).toMatchObject({ notice: { percent }, crosses });
  });

  test.each([
    [{ used: 3, available: 10 }, true],
    [{ used: 9, available: 11 }, true],
    [{ used: 8, available: 11 }, false],
    [{ used: 8, available: 0 }, false],
    [null, false],
  ])('of 8 of 10 is worth telling when it is %j by now: %s', (present, expected) => {
    expect(stillHolds(notice(seats), present)).toBe(expected);
  });

  test('is one notice for each account, subject, period, threshold and how much there is', () => {
    const others: MeasuredUse[] = [
      { ...seats, used: 10 },
      { ...seats, used: 16, available: 20 },
      { ...seats, deployment: { ...deployment, accountId: 'b' } },
      { ...seats, deployment: { ...deployment, id: 'e' } },
      { ...seats, period: { start: localDate('2027-01-01'), end: localDate('2028-01-01') } },
      minutes,
      { ...minutes, subject: { kind: 'ALLOWANCE', featureKey: 'other', featureName: 'Compute minutes' } },
    ];
    const ids = [seats, ...others].map((use) => notice(use).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(notice({ ...seats, used: 9, before: { used: 8, available: 9 } }).id).toBe(ids[0]);
  });

  test.each([
    ['2026-06-30T23:59:59.999Z', false],
    ['2026-07-01T00:00:00.000Z', true],
  ])('of June at %s is over: %s', (instant, expected) => {
    expect(isOver(notice(minutes), new Date(instant))).toBe(expected);
  });
});

describe('the mail', () => {
  const named = { name: 'Acme', externalId: 'acme' };

  test('says how many seats are in use and until when', () => {
    expect(usageNoticeMail(notice(seats), named)).toEqual({
      subject: 'Acme: 80 % of seats in use',
      text: [
        '8 of 10 seats of Acme (acme) are in use: 80 per cent or more.',
        '',
        'The term of the seats ends on 2026-12-31 (UTC).',
        'More can be had at any time: in the product, or from whoever you bought it from.',
        '',
      ].join('\n'),
    });
  });

  test('says how much of an allowance is used, and when the next one begins', () => {
    const { subject, text } = usageNoticeMail(notice(minutes), named);
    expect(subject).toBe('Acme: 100 % of Compute minutes in use');
    expect(text).toContain(
      '12 345 of 10 000 Compute minutes of Acme (acme) are in use: 100 per cent or more.\n',
    );
    expect(text).toContain('2026-06-01 through 2026-06-30 (UTC); the next one begins on the day after.');
  });
});
