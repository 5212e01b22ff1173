import { exampleAgreement, exampleItem } from '@fulfillment/kernel/domain/agreement/example';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, it, test } from 'vitest';
import { renewalAt } from './renewal.js';
import { renewalWindow } from './renewal-window.js';

const addOn = exampleItem({ productCode: 'AI', productKind: 'ADD_ON', quantity: 3 });
const agreement = exampleAgreement('2026-01-31', { items: [addOn, exampleItem({ quantity: 10 })] });
const { renewal: terms } = agreement;

describe('what is renewed', () => {
  const renewal = { date: '2027-01-31', automatic: true, quantity: 10, termMonths: 12, upliftPercent: '0' };
  const may = '2026-05-23T12:00:00Z';

  test.each([
    ['a running one', agreement, may, renewal],
    ['one that has not begun', agreement, '2026-01-01T12:00:00Z', renewal],
    [
      'one that does not renew by itself',
      { ...agreement, renewal: { ...terms, automatic: false } },
      may,
      { ...renewal, automatic: false },
    ],
    [
      'one for another term, with an uplift',
      { ...agreement, renewal: { ...terms, termMonths: 24, upliftPercent: '3.5' } },
      may,
      { ...renewal, termMonths: 24, upliftPercent: '3.5' },
    ],
    [
      'one for which fewer seats are planned',
      {
        ...agreement,
        renewal: {
          ...terms,
          planned: [{ kind: 'QUANTITY', productCode: 'PREMIUM', quantity: 4 } as const],
        },
      },
      may,
      { ...renewal, quantity: 4 },
    ],
    ['one on the last second of its last local day', agreement, '2027-01-31T07:59:59Z', renewal],
    ['one that has ended, in its days of grace', agreement, '2027-02-14T07:59:59Z', renewal],
    ['one that has lapsed', agreement, '2027-02-14T08:00:00Z', null],
    ['one that will be canceled', { ...agreement, canceledOn: localDate('2026-12-24') }, may, null],
    [
      'one canceled for the end of its term',
      { ...agreement, canceledOn: localDate('2027-01-31') },
      may,
      null,
    ],
  ])('%s', (_, given, instant, expected) => {
    const version = { agreement: given, billingTimeZone: 'America/Los_Angeles' };
    expect(renewalAt(version, new Date(instant))).toEqual(expected);
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
