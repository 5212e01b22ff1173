import { assertNever } from '@fulfillment/kernel/domain/result';
import type { PricePeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import { addDays } from '@fulfillment/kernel/domain/calendar';
import { decimal, formatFixed, powerOfTen } from '@fulfillment/kernel/domain/decimal';
import { currencies, type CurrencyCode, formatAmount, type Money } from '@fulfillment/kernel/domain/money';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import type { InvoiceDocument } from './invoice-document.js';
import type { TaxGroup } from './tax-summary.js';

const countryNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

/** "4,620.00": the digits of the currency, thousands apart. */
export function amountText(amount: Money): string {
  return grouped(formatAmount(amount));
}

/** "USD 4,620.00" */
export function moneyText(amount: Money): string {
  return `${amount.currency} ${amountText(amount)}`;
}

/** "29.00 / month": at least the digits of the currency, and more where the price has more. */
export function unitPriceText(unitPrice: string, currency: CurrencyCode, period: PricePeriod): string {
  const { units, scale } = decimal(unitPrice);
  const missing = Math.max(0, currencies[currency] - scale);
  const text = grouped(formatFixed(units * powerOfTen(missing), scale + missing));
  return `${text}${perPeriod[period]}`;
}

const perPeriod: Record<PricePeriod, string> = {
  WEEK: ' / week',
  MONTH: ' / month',
  YEAR: ' / year',
  ONE_TIME: '',
};

/** "2025-03-05 – 2026-03-04": with the last day of service. */
export function periodText({ start, end }: LocalPeriod): string {
  return `${start} – ${addDays(end, -1)}`;
}

export function quantityText(quantity: number): string {
  return grouped(String(quantity));
}

/** A country's English name; the code where it is none. */
export function countryText(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (countryNames.of(code) ?? code) : code;
}

export function kindText({ kind }: Pick<InvoiceDocument, 'kind'>): 'Invoice' | 'Credit memo' {
  return kind === 'INVOICE' ? 'Invoice' : 'Credit memo';
}

/** "Invoice", "Void invoice", "Draft credit memo" */
export function titleText(document: Pick<InvoiceDocument, 'kind' | 'mark'>): string {
  const kind = kindText(document);
  if (document.mark === null) return kind;
  return `${document.mark === 'VOID' ? 'Void' : 'Draft'} ${kind.toLowerCase()}`;
}

/** Why no tax is charged, as the law of the buyer or seller wants it said; null where tax is charged. */
export function taxNote({ reason, jurisdiction }: TaxGroup): string | null {
  const country = countryText(jurisdiction);
  switch (reason) {
    case 'DOMESTIC':
    case 'DESTINATION':
      return null;
    case 'REVERSE_CHARGE':
      return `Reverse charge: the buyer accounts for the tax in ${country} (Directive 2006/112/EC, article 196).`;
    case 'EXPORT':
      return `No tax charged: supplied to a business in ${country}, outside the tax territory of the seller.`;
    case 'NOT_REGISTERED':
      return `No tax charged: the seller is not registered to collect tax in ${country}.`;
    case 'EXEMPT':
      return `Lines at 0% are not subject to tax in ${country}.`;
    default:
      return assertNever(reason);
  }
}

function grouped(number: string): string {
  const [whole = '', fraction] = number.split('.');
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
}
