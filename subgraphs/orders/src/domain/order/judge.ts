import { formatAmount, type CurrencyCode, isCurrency, parseAmount } from '@fulfillment/kernel/domain/money';
import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { type Amounts, amountsOf } from './amounts.js';
import { createdFor, givenAction, type OrderActionInput } from './actions/index.js';
import type { JudgedAction } from './carry-out.js';
import { effectiveDateOf, judgeEffectiveDate } from './effective-date.js';
import { type OrderError, orderError } from './errors.js';
import type { OrderFacts } from './facts.js';
import { judgeActions } from './judge-actions.js';
import type { OrderParties, PlacedLine } from './order.js';
import { saleOf } from './sale.js';
import { purchaseOrderNumberLength, textError } from './text.js';

/** An order as it is asked for. */
export interface OrderRequest {
  readonly effectiveDate?: LocalDate | null;
  /** The currency that the caller expects. */
  readonly currency?: string | null;
  readonly purchaseOrderNumber?: string | null;
  /** The total with tax that the caller expects, decimal text. */
  readonly expectedTotal?: string | null;
  readonly actions: readonly OrderActionInput[];
}

/** An order that was judged to be right, with its prices. What is placed and what was previewed are this. */
export interface OrderDraft extends Amounts {
  readonly effectiveDate: LocalDate;
  readonly currency: CurrencyCode;
  readonly parties: OrderParties;
  readonly taxRate: TaxRate;
  readonly actions: readonly JudgedAction[];
  /** Each deployment that an action is for, once, in the order of the actions. */
  readonly deploymentIds: readonly string[];
}

export const mostActions = 50;

/** The actions whose facts are needed; no more than an order may have. */
export function judgedActions({ actions }: Pick<OrderRequest, 'actions'>): readonly OrderActionInput[] {
  return actions.slice(0, mostActions);
}

/**
 * Judges an order by loaded facts: gives every error at once with the path of its field, or the order with its prices.
 * The same request and facts always give the same answer.
 */
export function judgeOrder(request: OrderRequest, facts: OrderFacts): Result<OrderDraft, OrderError[]> {
  const { actions: entries } = request;
  const effectiveDate = effectiveDateOf(request, facts);
  const sale = saleOf(entries, facts);
  const { currency } = sale.invoiceOwner;
  const whole = [
    judgeEffectiveDate(effectiveDate, entries, facts),
    judgeCurrency(request.currency ?? currency, currency),
    judgePurchaseOrderNumber(request.purchaseOrderNumber ?? null),
    judgeCount(entries.length),
    judgeTax(facts),
  ].filter((error) => error !== null);
  if (whole.some(({ field }) => field[0] === 'actions' || field[0] === 'effectiveDate')) return err(whole);

  const taxRate = facts.tax.ok ? facts.tax.value : null;
  const actions = judgeActions(entries, facts, { effectiveDate, sale, tax: taxRate });
  const errors = [...whole, ...(actions.ok ? [] : actions.error), ...judgeClaims(entries)];
  if (!actions.ok || taxRate === null || errors.length > 0) return err(errors);
  const lines = actions.value.flatMap((action) => action.lines);
  const { parties } = sale;
  const deploymentIds = deploymentsOf(actions.value, facts);
  const draft = { effectiveDate, currency, parties, taxRate, actions: actions.value, deploymentIds };
  return judgeTotal(request, { ...draft, ...amountsOf(lines, currency) });
}

function deploymentsOf(actions: readonly JudgedAction[], { subscriptions }: OrderFacts): string[] {
  const ids = actions.flatMap(({ subscriptionId, deployment }) =>
    subscriptionId === null
      ? (deployment?.id ?? [])
      : (subscriptions.get(subscriptionId)?.deploymentId ?? []),
  );
  return [...new Set(ids)];
}

/** The lines of a draft, numbered in the order of its actions. */
export function draftLines({ actions }: Pick<OrderDraft, 'actions'>): PlacedLine[] {
  return actions
    .flatMap(({ lines }, index) => lines.map((line) => ({ actionPosition: index + 1, ...line })))
    .map((line, index) => ({ position: index + 1, ...line }));
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

function judgeTax({ tax }: OrderFacts): OrderError | null {
  if (tax.ok) return null;
  const message =
    'Tax is due in the country of the account that pays, and its rate is not known: ask finance.';
  return orderError('TAX_RATE_UNKNOWN', ['accountId'], message);
}

/** Two actions of one order must not create a subscription for the same deployment: the second one is refused. */
function judgeClaims(entries: readonly OrderActionInput[]): OrderError[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    const action = givenAction(entry);
    if (action?.kind !== 'CREATE') return [];
    const id = createdFor(action.input);
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    const message = 'Another action of this order is for the same deployment.';
    return [orderError('DEPLOYMENT_ALREADY_SUBSCRIBED', ['actions', index], message)];
  });
}

/** What was shown is what is placed, or nothing is. */
function judgeTotal(
  { expectedTotal = null }: OrderRequest,
  draft: OrderDraft,
): Result<OrderDraft, OrderError[]> {
  if (expectedTotal === null) return ok(draft);
  const { total, currency } = draft;
  const field = ['expectedTotal'];
  const expected = parseAmount(expectedTotal, currency);
  if (!expected.ok) {
    return err([orderError('INVALID_VALUE', field, `Give the total in ${currency}, for example "29.00".`)]);
  }
  if (expected.value.minor === total.minor) return ok(draft);
  const message =
    `It comes to ${formatAmount(total)} ${currency} by now, and ${formatAmount(expected.value)} ${currency} ` +
    'was expected: preview it again.';
  return err([orderError('PRICE_CHANGED', field, message)]);
}
