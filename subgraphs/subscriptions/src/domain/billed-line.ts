import type { AgreementLine } from '@fulfillment/kernel/domain/agreement/lines';
import { type LineTax, taxLine } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { add, type CurrencyCode, type Money, sum } from '@fulfillment/kernel/domain/money';

/** A line before it stands on a document: what it costs, for which subscription, and its tax. */
export interface BilledLine extends AgreementLine {
  readonly subscriptionId: string;
  readonly tax: LineTax;
}

/** A line of a subscription with its tax, rounded once. */
export function taxed(subscriptionId: string, line: AgreementLine, rate: TaxRate): BilledLine {
  return { ...line, subscriptionId, tax: taxLine(line.amount, rate) };
}

/** The sum of lines and their tax. Throws a CurrencyMismatchError. */
export function grossOf(lines: readonly Pick<BilledLine, 'amount' | 'tax'>[], currency: CurrencyCode): Money {
  return sum(
    lines.map(({ amount, tax }) => add(amount, tax.amount)),
    currency,
  );
}
