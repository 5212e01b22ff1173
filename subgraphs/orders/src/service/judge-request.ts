import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { OrderError } from '../domain/order/errors.js';
import { judgeOrder, type OrderDraft } from '../domain/order/judge.js';
import { type AccountRequest, type Asking, type FactsSource, loadFacts } from './load-facts.js';

/** A draft, and when it was judged. */
export interface JudgedRequest {
  readonly draft: OrderDraft;
  /** By the account's own clock. */
  readonly now: Date;
  readonly today: LocalDate;
}

/** Loads what an order is judged by, and judges it: a preview, an order and a quote all ask here. */
export async function judgeRequest(
  source: FactsSource,
  asking: Asking,
  request: AccountRequest,
): Promise<Result<JudgedRequest, readonly OrderError[]>> {
  const loaded = await loadFacts(source, asking, request);
  if (!loaded.ok) return loaded;
  const { facts, now } = loaded.value;
  const draft = judgeOrder(request, facts);
  return draft.ok ? ok({ draft: draft.value, now, today: facts.today }) : err(draft.error);
}
