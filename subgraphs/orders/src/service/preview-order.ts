import type { AgreementValue } from '@fulfillment/kernel/domain/agreement/metrics';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Amounts } from '../domain/order/amounts.js';
import { seesPrices } from '../domain/order/discretion.js';
import type { OrderError } from '../domain/order/errors.js';
import { draftLines } from '../domain/order/judge.js';
import type { PlacedLine } from '../domain/order/order.js';
import { type NextInvoice, nextInvoiceOf, valueChangeOf } from '../domain/order/outlook.js';
import { judgeRequest } from './judge-request.js';
import type { AccountRequest, Asking, FactsSource } from './load-facts.js';

/** What an order would cost and bring. */
export interface PreviewedOrder {
  readonly lines: readonly PlacedLine[];
  readonly amounts: Amounts;
  /** The account that would pay; null for a viewer who is not told. */
  readonly payerAccountId: string | null;
  readonly effectiveDate: LocalDate;
  readonly nextInvoice: NextInvoice | null;
  readonly valueChange: AgreementValue;
}

/** What an order would cost, or what is wrong with it. */
export interface OrderPreview {
  readonly previewed: PreviewedOrder | null;
  readonly errors: readonly OrderError[];
}

/** Prices an order by the same facts and the same function as placing it, and writes nothing. */
export async function previewOrder(
  source: FactsSource,
  asking: Asking,
  request: AccountRequest,
): Promise<OrderPreview> {
  const judged = await judgeRequest(source, asking, request);
  if (!judged.ok) return { previewed: null, errors: judged.error };
  const { draft, today } = judged.value;
  const { net, tax, total, effectiveDate } = draft;
  return {
    previewed: {
      lines: draftLines(draft),
      amounts: { net, tax, total },
      payerAccountId: seesPrices(asking.viewer, draft.parties) ? draft.parties.invoiceOwnerAccountId : null,
      effectiveDate,
      nextInvoice: nextInvoiceOf(draft, today),
      valueChange: valueChangeOf(draft),
    },
    errors: [],
  };
}
