import { expect, it } from 'vitest';
import { moneyToGraphql, moneyToPayload } from './money-forms.js';
import { type CurrencyCode, money } from './money.js';

it.each<[bigint, CurrencyCode, string]>([
  [34_800n, 'EUR', '348.00'],
  [-5n, 'EUR', '-0.05'],
  [500n, 'JPY', '500'],
  [100_500n, 'KWD', '100.500'],
])('%s minor units of %s', (minor, currency, amount) => {
  expect(moneyToGraphql(money(minor, currency))).toEqual({ amount, currency });
  expect(moneyToPayload(money(minor, currency))).toEqual({ minor: String(minor), currency });
});
