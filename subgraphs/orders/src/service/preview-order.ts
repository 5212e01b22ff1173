import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Money } from '@fulfillment/kernel/domain/money';
import type { OrderError } from '../domain/order/errors.js';
import { draftLines, type DraftLine, judgeOrder } from '../domain/order/judge.js';
import {
  accountNotFound,
  type AccountRequest,
  type Asking,
  type FactsSource,
  loadFacts,
} from './load-facts.js';

/** What an order would cost, or what is wrong with it. */
export interface OrderPreview {
  readonly lines: readonly DraftLine[];
  readonly total: Money | null;
  readonly effectiveDate: LocalDate | null;
  readonly errors: readonly OrderError[];
}

/** Prices an order by the same facts and the same function as placing it, and writes nothing. */
export async function previewOrder(
  source: FactsSource,
  asking: Asking,
  request: AccountRequest,
): Promise<OrderPreview> {
  const loaded = await loadFacts(source, asking, request);
  if (loaded === null) return refused([accountNotFound()]);
  const judged = judgeOrder(request, loaded.facts);
  if (!judged.ok) return refused(judged.error);
  const { total, effectiveDate } = judged.value;
  return { lines: draftLines(judged.value), total, effectiveDate, errors: [] };
}

function refused(errors: readonly OrderError[]): OrderPreview {
  return { lines: [], total: null, effectiveDate: null, errors };
}
