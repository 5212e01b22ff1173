import type { LineTax } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import { add, type Money } from '@fulfillment/kernel/domain/money';
import type { DocumentLine } from './invoice-document.js';

/** What all lines of one rate, jurisdiction and reason come to. */
export interface TaxGroup extends LineTax {
  /** The amount that is taxed. */
  readonly net: Money;
}

/** The taxes of a document, in the order in which its lines first bear them. The groups sum to the lines exactly. */
export function taxGroups(lines: readonly Pick<DocumentLine, 'amount' | 'tax'>[]): TaxGroup[] {
  const groups = new Map<string, TaxGroup>();
  for (const { amount, tax } of lines) {
    const key = `${tax.rate} ${tax.jurisdiction} ${tax.reason}`;
    const group = groups.get(key);
    groups.set(
      key,
      group === undefined
        ? { ...tax, net: amount }
        : { ...group, net: add(group.net, amount), amount: add(group.amount, tax.amount) },
    );
  }
  return [...groups.values()];
}
