import { describe, expect, test } from 'vitest';
import type { ProrationPolicyName } from '../billing/proration.js';
import { localDate } from '../calendar.js';
import type { AgreementAction } from './actions/action.js';
import { applyAction } from './actions/index.js';
import type { Agreement } from './agreement.js';
import { billedUntil, nextBillingPeriod } from './billed.js';
import { discountUnitPrice } from './discount.js';
import { exampleAgreement, exampleItem } from './example.js';
import { type AgreementLine, changeLines } from './lines.js';

// What random histories once showed to be wrong, as short as it can be told.

interface Deed {
  readonly on: string;
  readonly action: AgreementAction;
  readonly today?: string;
}

/** An agreement from its first day on, through one action after the other, with all their lines. */
function lived(
  agreement: Agreement,
  ...deeds: readonly Deed[]
): { after: Agreement; lines: AgreementLine[] } {
  const first = agreement.term.startDate;
  const lines = changeLines({ before: null, after: agreement, on: first, today: first });
  let after = agreement;
  for (const { on, action, today = on } of deeds) {
    const before = after;
    const outcome = applyAction(before, action, localDate(on));
    if (!outcome.ok) throw new Error(outcome.error.message);
    after = outcome.value;
    lines.push(...changeLines({ before, after, on: localDate(on), today: localDate(today) }));
  }
  return { after, lines };
}

const told = (lines: readonly AgreementLine[]) =>
  lines.map(({ kind, serviceStart, serviceEnd, amount }) => [
    kind,
    serviceStart,
    serviceEnd,
    Number(amount.minor),
  ]);

const net = (lines: readonly AgreementLine[]) =>
  Number(lines.reduce((sum, { amount }) => sum + amount.minor, 0n));

function monthly(start: string, policy: ProrationPolicyName, changes: Partial<Agreement> = {}): Agreement {
  const billing = { period: 'MONTH', anchor: localDate(start), policy } as const;
  return exampleAgreement(start, { billing, items: [exampleItem({ unitPrice: '31.00' })], ...changes });
}

const toTwo: AgreementAction = { kind: 'CHANGE_QUANTITY', productCode: 'PREMIUM', quantity: 2, when: 'NOW' };
const cancelFor = (day: string): AgreementAction => ({ kind: 'CANCEL', on: localDate(day) });
const toMonths = (termMonths: number): AgreementAction => ({
  kind: 'CHANGE_TERMS',
  termMonths,
  autoRenewal: null,
  billingPeriod: null,
  upliftPercent: null,
  decreaseAtOnce: null,
});

describe('where the day of a change counts as used', () => {
  test('a change on the last day of a billing period holds from the next one, which nobody has billed yet', () => {
    const { after, lines } = lived(monthly('2024-01-01', 'INCLUSIVE_DAYS'), {
      on: '2024-01-31',
      action: toTwo,
    });
    expect(told(lines)).toEqual([['CHARGE', '2024-01-01', '2024-02-01', 3_100]]);
    expect(billedUntil(after, localDate('2024-01-31'))).toBe('2024-02-01');
  });

  test('a suspension is charged for its first day, and a resumption is not', () => {
    const { after, lines } = lived(
      monthly('2024-01-01', 'INCLUSIVE_DAYS'),
      { on: '2024-01-10', action: { kind: 'SUSPEND' } },
      { on: '2024-01-20', action: { kind: 'RESUME' } },
    );
    expect(told(lines).slice(1)).toEqual([
      ['CREDIT', '2024-01-11', '2024-02-01', -2_100],
      ['CHARGE', '2024-01-21', '2024-02-01', 1_100],
    ]);
    expect(billedUntil({ ...after, suspendedOn: localDate('2024-01-10') }, localDate('2024-01-20'))).toBe(
      '2024-01-11',
    );
  });

  test('the day for which notice was given is charged, as the day of a cancellation at once is', () => {
    const agreement = monthly('2024-01-01', 'INCLUSIVE_DAYS');
    const notice = lived(agreement, { on: '2024-01-05', action: cancelFor('2024-01-10') });
    const atOnce = lived(agreement, { on: '2024-01-10', action: cancelFor('2024-01-10') });
    expect([net(notice.lines), net(atOnce.lines)]).toEqual([1_000, 1_000]);
  });

  test('a notice for the first day of a billing period leaves that day to be billed', () => {
    const { after } = lived(monthly('2024-01-01', 'INCLUSIVE_DAYS'), {
      on: '2024-01-05',
      action: cancelFor('2024-02-01'),
    });
    expect(nextBillingPeriod(after, localDate('2024-02-01'))).toEqual({
      start: '2024-02-01',
      end: '2024-02-02',
    });
  });

  test('what is bought on the last day of a term is charged', () => {
    const item = exampleItem({ productCode: 'PACK', productKind: 'ADD_ON', pricePeriod: 'ONE_TIME' });
    const { lines } = lived(monthly('2024-01-01', 'INCLUSIVE_DAYS', term('2024-01-01', '2024-02-01')), {
      on: '2024-01-31',
      action: { kind: 'ADD_PRODUCT', item },
    });
    expect(told(lines).slice(1)).toEqual([['CHARGE', '2024-01-31', '2024-02-01', 1_000]]);
  });

  test('a trial that is converted on its first day is charged for it', () => {
    const trial = monthly('2024-01-01', 'INCLUSIVE_DAYS', {
      trial: true,
      ...term('2024-01-01', '2024-01-15'),
    });
    const { lines } = lived(trial, {
      on: '2024-01-01',
      action: {
        kind: 'CONVERT_TRIAL',
        termMonths: 12,
        autoRenewal: true,
        billingAnchor: localDate('2024-01-01'),
      },
    });
    expect(told(lines)).toEqual([['CHARGE', '2024-01-01', '2024-02-01', 3_100]]);
  });
});

describe('when bills come to end on another day within a billing period', () => {
  test('a notice for a day, and then a cancellation at once, give back no more than was charged', () => {
    // By 30 days a month, 26 and 5 days of a month of 31 are more than all of it.
    const { lines } = lived(
      monthly('2024-01-01', 'FIXED_30'),
      { on: '2024-01-01', action: cancelFor('2024-01-27') },
      { on: '2024-01-01', action: cancelFor('2024-01-01') },
    );
    expect(told(lines)).toEqual([
      ['CHARGE', '2024-01-01', '2024-02-01', 3_100],
      ['CREDIT', '2024-01-01', '2024-02-01', -3_100],
      ['CHARGE', '2024-01-01', '2024-01-27', 2_687],
      ['CREDIT', '2024-01-01', '2024-01-27', -2_687],
    ]);
  });

  test('a longer term is charged as one piece with what was billed of the period', () => {
    const quarters = {
      billing: { period: 'QUARTER', anchor: localDate('2024-01-01'), policy: 'ACTUAL_DAYS' },
    } as const;
    const agreement = monthly('2024-01-01', 'ACTUAL_DAYS', {
      ...quarters,
      ...term('2024-01-01', '2024-02-01', 1),
    });
    const longer = lived(agreement, { on: '2024-01-01', action: toMonths(2) });
    expect(told(longer.lines)).toEqual([
      ['CHARGE', '2024-01-01', '2024-02-01', 3_168],
      ['CREDIT', '2024-01-01', '2024-02-01', -3_168],
      ['CHARGE', '2024-01-01', '2024-03-01', 6_132],
    ]);
    const ended = lived(
      agreement,
      { on: '2024-01-01', action: toMonths(2) },
      { on: '2024-01-01', action: cancelFor('2024-01-01') },
    );
    expect(net(ended.lines)).toBe(0);
  });

  test('a longer term that meets the end of a billing period only charges what comes on top', () => {
    const agreement = monthly('2024-01-01', 'ACTUAL_DAYS', term('2024-01-01', '2024-02-01', 1));
    const { after, lines } = lived(agreement, { on: '2024-01-10', action: toMonths(2) });
    expect(lines).toHaveLength(1);
    expect(nextBillingPeriod(after, localDate('2024-02-01'))).toEqual({
      start: '2024-02-01',
      end: '2024-03-01',
    });
  });

  test('a notice for the end of a billing period gives nothing back, and nothing is charged again', () => {
    const { lines } = lived(monthly('2024-01-01', 'ACTUAL_DAYS'), {
      on: '2024-01-10',
      action: cancelFor('2024-02-01'),
    });
    expect(lines).toHaveLength(1);
  });

  test('dated back over several periods, only the one in which it ends is charged again', () => {
    const { lines } = lived(monthly('2024-01-01', 'ACTUAL_DAYS'), {
      on: '2024-01-06',
      action: cancelFor('2024-01-20'),
      today: '2024-02-10',
    });
    expect(told(lines).slice(1)).toEqual([
      ['CREDIT', '2024-01-06', '2024-02-01', -2_600],
      ['CREDIT', '2024-02-01', '2024-03-01', -3_100],
      ['CHARGE', '2024-01-06', '2024-01-20', 1_400],
    ]);
  });
});

describe('terms and prices', () => {
  test('a term that is changed keeps the day of the month on which the first one began', () => {
    const agreement = monthly('2024-01-31', 'ACTUAL_DAYS', term('2024-01-31', '2024-02-29', 1));
    const renewal: AgreementAction = { kind: 'RENEW', termMonths: 1, quantities: [] };
    const { after } = lived(
      agreement,
      { on: '2024-02-29', action: renewal },
      { on: '2024-02-29', action: toMonths(2) },
    );
    expect(after.term).toEqual({ startDate: '2024-02-29', endDate: '2024-04-30', months: 2 });
  });

  test('a fixed discount takes off no more than a price that fell below it', () => {
    const discount = { kind: 'AMOUNT', value: '9.00', renews: true } as const;
    expect(discountUnitPrice(exampleItem({ unitPrice: '10.00', discount }))).toBe('-9');
    expect(discountUnitPrice(exampleItem({ unitPrice: '8.50', discount }))).toBe('-8.5');
  });
});

function term(startDate: string, endDate: string, months: number | null = null): Pick<Agreement, 'term'> {
  return { term: { startDate: localDate(startDate), endDate: localDate(endDate), months } };
}
