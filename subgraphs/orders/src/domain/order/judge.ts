import { addDays, compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, isCurrency, type Money, sum } from '@fulfillment/kernel/domain/money';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import type { ActionCharge, JudgedAction } from './actions/action-rules.js';
import {
  deploymentIdsOf,
  judgeAction,
  type OrderActionInput,
  type OrderActionDetails,
} from './actions/index.js';
import { type OrderError, orderError } from './errors.js';
import type { OrderFacts } from './facts.js';
import { purchaseOrderNumberLength, textError } from './text.js';

/** An order as it is asked for. */
export interface OrderRequest {
  readonly effectiveDate?: LocalDate | null;
  /** The currency that the caller expects. */
  readonly currency?: string | null;
  readonly purchaseOrderNumber?: string | null;
  readonly actions: readonly OrderActionInput[];
}

/** An order that was judged to be right, with its prices. What is placed and what was previewed are this. */
export interface OrderDraft {
  readonly effectiveDate: LocalDate;
  readonly currency: CurrencyCode;
  readonly actions: readonly JudgedAction<OrderActionDetails>[];
  readonly total: Money;
}

export const mostActions = 50;

/** An order may be placed this long before it takes effect. */
const daysAhead = 365;

/** The deployments whose facts are needed; no more than an order may have actions. */
export function deploymentsOf(request: OrderRequest): string[] {
  return request.actions.slice(0, mostActions).flatMap(deploymentIdsOf);
}

/**
 * Judges an order by loaded facts: gives every error at once with the path of its field, or the order with its prices.
 * The same request and facts always give the same answer.
 */
export function judgeOrder(request: OrderRequest, facts: OrderFacts): Result<OrderDraft, OrderError[]> {
  const effectiveDate = request.effectiveDate ?? facts.today;
  const { currency } = facts.buyer.invoiceOwner;
  const whole = [
    judgeEffectiveDate(effectiveDate, facts.today),
    judgeCurrency(request.currency ?? currency, currency),
    judgePurchaseOrderNumber(request.purchaseOrderNumber ?? null),
    judgeCount(request.actions.length),
  ].filter((error) => error !== null);
  if (whole.some(({ field }) => field[0] === 'actions' || field[0] === 'effectiveDate')) return err(whole);

  const judged = request.actions.map((action, index) =>
    judgeAction(action, facts, { path: ['actions', index], effectiveDate }),
  );
  const errors = [
    ...whole,
    ...judged.flatMap((action) => (action.ok ? [] : action.error)),
    ...judgeClaims(request.actions),
  ];
  if (errors.length > 0) return err(errors);
  const actions = judged.flatMap((action) => (action.ok ? [action.value] : []));
  const amounts = draftLines({ actions }).map(({ amount }) => amount);
  return ok({ effectiveDate, currency, actions, total: sum(amounts, currency) });
}

/** A charge at its place in the order, from 1. */
export interface DraftLine extends ActionCharge {
  readonly position: number;
}

/** The charges of a draft, numbered in the order of its actions. */
export function draftLines({ actions }: Pick<OrderDraft, 'actions'>): DraftLine[] {
  return actions
    .flatMap(({ charges }) => charges)
    .map((charge, index) => ({ position: index + 1, ...charge }));
}

function judgeEffectiveDate(date: LocalDate, today: LocalDate): OrderError | null {
  const latest = addDays(today, daysAhead);
  if (compareDates(date, today) >= 0 && compareDates(date, latest) <= 0) return null;
  const message = `\`effectiveDate\` must be from ${today} to ${latest}.`;
  return orderError('EFFECTIVE_DATE_INVALID', ['effectiveDate'], message);
}

function judgeCurrency(expected: string, currency: CurrencyCode): OrderError | null {
  if (!isCurrency(expected)) {
    return orderError('CURRENCY_UNKNOWN', ['currency'], 'Use a currency code of ISO 4217, for example USD.');
  }
  if (expected === currency) return null;
  return orderError('CURRENCY_MISMATCH', ['currency'], `The account that pays is billed in ${currency}.`);
}

function judgePurchaseOrderNumber(number: string | null): OrderError | null {
  return number === null ? null : textError(number, ['purchaseOrderNumber'], purchaseOrderNumberLength);
}

function judgeCount(count: number): OrderError | null {
  if (count >= 1 && count <= mostActions) return null;
  return orderError('ACTION_INVALID', ['actions'], `Give 1 to ${mostActions} actions.`);
}

/** Two actions of one order must not be about the same deployment: the second one is refused. */
function judgeClaims(actions: readonly OrderActionInput[]): OrderError[] {
  const seen = new Set<string>();
  return actions.flatMap((action, index) =>
    deploymentIdsOf(action).flatMap((id) => {
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      const message = 'Another action of this order is for the same deployment.';
      return [orderError('DEPLOYMENT_ALREADY_SUBSCRIBED', ['actions', index], message)];
    }),
  );
}
