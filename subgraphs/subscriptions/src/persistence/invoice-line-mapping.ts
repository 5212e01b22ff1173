import { type LineKind, lineKinds } from '@fulfillment/kernel/domain/agreement/lines';
import { prorationPolicyNames } from '@fulfillment/kernel/domain/billing/proration';
import { taxReasons } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { pricePeriods } from '@fulfillment/kernel/domain/billing/unit-price';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, money } from '@fulfillment/kernel/domain/money';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { InvoiceLine } from '../domain/invoice.js';
import type { LineColumns } from './ledger-rows.js';

/** A line of an invoice or credit memo as columns. */
export function toLineColumns(line: InvoiceLine): LineColumns {
  return {
    position: line.position,
    kind: line.kind,
    subscription_id: line.subscriptionId,
    product_code: line.productCode,
    description: line.description,
    quantity: line.quantity,
    unit_price: line.unitPrice,
    price_period: line.pricePeriod,
    service_start: line.serviceStart,
    service_end: line.serviceEnd,
    proration_ratio: line.prorationRatio,
    proration_policy: line.prorationPolicy,
    amount_minor: line.amount.minor.toString(),
    tax_rate: line.tax.rate,
    tax_jurisdiction: line.tax.jurisdiction,
    tax_reason: line.tax.reason,
    tax_minor: line.tax.amount.minor.toString(),
  };
}

export function fromLineColumns(row: LineColumns, currency: CurrencyCode): InvoiceLine {
  return {
    position: row.position,
    kind: stored<LineKind>('line kind', lineKinds, row.kind),
    subscriptionId: row.subscription_id,
    productCode: row.product_code,
    description: row.description,
    quantity: row.quantity,
    unitPrice: row.unit_price,
    pricePeriod: stored('price period', pricePeriods, row.price_period),
    serviceStart: localDate(row.service_start),
    serviceEnd: localDate(row.service_end),
    prorationRatio: row.proration_ratio,
    prorationPolicy: stored('proration policy', prorationPolicyNames, row.proration_policy),
    amount: money(BigInt(row.amount_minor), currency),
    tax: {
      rate: row.tax_rate,
      jurisdiction: row.tax_jurisdiction,
      reason: stored('tax reason', taxReasons, row.tax_reason),
      amount: money(BigInt(row.tax_minor), currency),
    },
  };
}

/**
 * The lines of a document as JSON, in their order. Within JSON, what a number would not hold exactly is text.
 * @param table the table of the lines, and `parent` the condition that ties it as `l` to its document: from our own code
 */
export function linesAsJson(table: string, parent: string): Sql {
  return sql`(
    SELECT json_agg(to_jsonb(l) || jsonb_build_object(
             'amount_minor', l.amount_minor::text, 'tax_minor', l.tax_minor::text, 'tax_rate', l.tax_rate::text,
             'unit_price', l.unit_price::text, 'proration_ratio', l.proration_ratio::text) ORDER BY l.position)
    FROM ${raw(table)} AS l WHERE ${raw(parent)})`;
}

/** A name as this service stored it. Throws a RangeError when the row lies. */
export function stored<Name extends string>(what: string, names: readonly Name[], text: string): Name {
  const name = names.find((known) => known === text);
  if (name === undefined) throw new RangeError(`Not a ${what}: ${text}`);
  return name;
}
