import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, it, test } from 'vitest';
import { aiAddOn, premium } from '../../test/example-order.js';
import { renewalAt } from './renewal.js';
import { renewalWindow } from './renewal-window.js';

const agreement = {
  term: { startDate: localDate('2026-01-31'), endDate: localDate('2027-01-31'), months: 12 },
  trial: false,
  canceledOn: null,
  autoRenewal: true,
  billingTimeZone: 'America/Los_Angeles',
  items: [aiAddOn, premium],
};

describe('what is renewed', () => {
  const renewal = { date: '2027-01-31', automatic: true, quantity: 10 };

  test.each([
    ['a running one', agreement, '2026-11-23T12:00:00Z', renewal],
    ['one that has not begun', agreement, '2026-01-01T12:00:00Z', renewal],
    [
      'one that does not renew by itself',
      { ...agreement, autoRenewal: false },
      '2026-11-23T12:00:00Z',
      { ...renewal, automatic: false },
    ],
    ['one on the last second of its last local day', agreement, '2027-01-31T07:59:59Z', renewal],
    ['one that has ended', agreement, '2027-01-31T08:00:00Z', null],
    [
      'one that will be canceled',
      { ...agreement, canceledOn: localDate('2026-12-24') },
      '2026-11-23T12:00:00Z',
      null,
    ],
    [
      'one canceled for the end of its term',
      { ...agreement, canceledOn: localDate('2027-01-31') },
      '2026-11-23T12:00:00Z',
      null,
    ],
  ])('%s', (_, given, instant, expected) => {
    expect(renewalAt(given, new Date(instant))).toEqual(expected);
  });
});

describe('the window of the list of renewals', () => {
  const today = localDate('2026-11-23');
  const first = localDate('2026-12-01');
  const second = localDate('2027-01-01');

  test.each([
    [
      'nothing: from today, 90 days ahead',
      null,
      null,
      { endsFrom: today, endsBefore: localDate('2027-02-21') },
    ],
    ['a first day alone', first, null, { endsFrom: first, endsBefore: null }],
    ['an end alone', null, second, { endsFrom: null, endsBefore: second }],
    ['both', first, second, { endsFrom: first, endsBefore: second }],
  ])('%s', (_, endsFrom, endsBefore, value) => {
    expect(renewalWindow({ endsFrom, endsBefore }, today)).toEqual({ ok: true, value });
  });

  it('has at least one day', () => {
    expect(renewalWindow({ endsFrom: first, endsBefore: first }, today)).toEqual({
      ok: false,
      error: 'WINDOW_EMPTY',
    });
  });
});
