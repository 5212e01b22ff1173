import { describe, expect, test } from 'vitest';
import { places } from '../../../population/places.js';
import { localDate } from '../../calendar.js';
import { decimal, formatDecimal } from '../../decimal.js';
import { createRateTable, ourTaxStandings, tableRate } from './rate-table.js';
import { euMemberStates, standardRateOn } from './standard-rates.js';
import type { TaxableSale } from './tax-rates.js';

const sale: TaxableSale = {
  legalEntityCode: 'EU',
  buyerCountryCode: 'NL',
  buyerIsBusiness: true,
  taxCategory: 'STANDARD',
  on: localDate('2026-05-01'),
};

/** What the table says, in short: "NL 21 DOMESTIC". */
function said(changes: Partial<TaxableSale>, standings = ourTaxStandings): string {
  const found = tableRate(standings, { ...sale, ...changes });
  if (!found.ok) return found.error;
  return `${found.value.jurisdiction} ${found.value.rate} ${found.value.reason}`;
}

describe('which tax a sale bears', () => {
  test.each<[string, Partial<TaxableSale>, string]>([
    ['Dutch seller, Dutch business', {}, 'NL 21 DOMESTIC'],
    ['Dutch seller, Dutch consumer', { buyerIsBusiness: false }, 'NL 21 DOMESTIC'],
    ['Dutch seller, German business', { buyerCountryCode: 'DE' }, 'DE 0 REVERSE_CHARGE'],
    [
      'Dutch seller, German consumer',
      { buyerCountryCode: 'DE', buyerIsBusiness: false },
      'DE 19 DESTINATION',
    ],
    ['Dutch seller, British business', { buyerCountryCode: 'GB' }, 'GB 0 EXPORT'],
    ['Dutch seller, Swiss business', { buyerCountryCode: 'CH' }, 'CH 0 EXPORT'],
    [
      'Dutch seller, British consumer',
      { buyerCountryCode: 'GB', buyerIsBusiness: false },
      'GB 0 NOT_REGISTERED',
    ],
    [
      'American seller, American business',
      { legalEntityCode: 'US', buyerCountryCode: 'US' },
      'US 0 NOT_REGISTERED',
    ],
    ['American seller, Japanese business', { legalEntityCode: 'US', buyerCountryCode: 'JP' }, 'JP 0 EXPORT'],
    [
      'American seller, German business',
      { legalEntityCode: 'US', buyerCountryCode: 'DE' },
      'DE 0 REVERSE_CHARGE',
    ],
    [
      'American seller, German consumer',
      { legalEntityCode: 'US', buyerCountryCode: 'DE', buyerIsBusiness: false },
      'DE 0 NOT_REGISTERED',
    ],
    ['a product that is not taxed', { taxCategory: 'EXEMPT' }, 'NL 0 EXEMPT'],
    ['a seller that is none of ours', { legalEntityCode: 'UK' }, 'SELLER_UNKNOWN'],
    ['a seller with the name of a property', { legalEntityCode: 'constructor' }, 'SELLER_UNKNOWN'],
    ['a day before the table begins', { on: localDate('2012-09-30') }, 'RATE_UNKNOWN'],
  ])('%s', (_, changes, expected) => {
    expect(said(changes)).toBe(expected);
  });

  test('a registration elsewhere makes that country’s rate apply to its consumers, not to its businesses', () => {
    const standings = { EU: { establishedIn: 'NL', registeredIn: ['NL', 'GB'] } };
    expect(said({ buyerCountryCode: 'GB', buyerIsBusiness: false }, standings)).toBe('GB 20 DESTINATION');
    expect(said({ buyerCountryCode: 'GB' }, standings)).toBe('GB 0 EXPORT');
  });

  test('every place of the population has an answer from the company that sells there', () => {
    const answers = places.map(([{ countryCode, legalEntityCode }]) =>
      said({ buyerCountryCode: countryCode, legalEntityCode }),
    );
    expect(answers.toSorted()).toEqual([
      'AU 0 EXPORT',
      'BR 0 EXPORT',
      'CA 0 EXPORT',
      'CH 0 EXPORT',
      'DE 0 REVERSE_CHARGE',
      'ES 0 REVERSE_CHARGE',
      'FR 0 REVERSE_CHARGE',
      'GB 0 EXPORT',
      'IN 0 EXPORT',
      'IT 0 REVERSE_CHARGE',
      'JP 0 EXPORT',
      'KR 0 EXPORT',
      'MX 0 EXPORT',
      'NL 21 DOMESTIC',
      'NO 0 EXPORT',
      'NZ 0 EXPORT',
      'PL 0 REVERSE_CHARGE',
      'SE 0 REVERSE_CHARGE',
      'SG 0 EXPORT',
      'US 0 NOT_REGISTERED',
    ]);
  });

  test('the port answers as the table does', async () => {
    expect(await createRateTable().rateFor(sale)).toEqual({
      ok: true,
      value: { rate: '21', jurisdiction: 'NL', reason: 'DOMESTIC' },
    });
  });
});

describe('standard rates', () => {
  test.each([
    ['NL', '2012-10-01', '21'],
    ['DE', '2020-06-30', '19'],
    ['DE', '2020-07-01', '16'],
    ['DE', '2020-12-31', '16'],
    ['DE', '2021-01-01', '19'],
    ['FI', '2024-08-31', '24'],
    ['FI', '2024-09-01', '25.5'],
    ['EE', '2025-07-01', '24'],
    ['RO', '2025-07-31', '19'],
    ['RO', '2025-08-01', '21'],
    ['SK', '2025-01-01', '23'],
    ['FR', '2026-05-01', '20'],
    ['GB', '2026-05-01', '20'],
    ['CH', '2023-12-31', '7.7'],
    ['CH', '2024-01-01', '8.1'],
    ['NO', '2026-05-01', '25'],
    ['JP', '2026-05-01', '10'],
    ['SG', '2024-01-01', '9'],
    ['US', '2026-05-01', null],
    ['XX', '2026-05-01', null],
    ['__proto__', '2026-05-01', null],
  ])('%s on %s: %s', (country, on, rate) => {
    expect(standardRateOn(country, localDate(on))).toBe(rate);
  });

  test('all 27 member states have a rate from 2015 on, between 15 and 27 per cent, in canonical form', () => {
    expect(euMemberStates).toHaveLength(27);
    for (const country of euMemberStates) {
      for (const on of ['2015-01-01', '2026-05-01']) {
        const rate = standardRateOn(country, localDate(on)) ?? '';
        expect(formatDecimal(decimal(rate))).toBe(rate);
        expect(Number(rate)).toBeGreaterThanOrEqual(15);
        expect(Number(rate)).toBeLessThanOrEqual(27);
      }
    }
  });
});
