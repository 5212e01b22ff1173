import type { LineKind } from '@fulfillment/kernel/domain/agreement/lines';
import type { ProrationPolicyName } from '@fulfillment/kernel/domain/billing/proration';
import type { TaxReason } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import type { PricePeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { fulfillmentStepId } from '@fulfillment/kernel/domain/ids';
import { type CurrencyCode, money } from '@fulfillment/kernel/domain/money';
import type { ToldStep } from '../domain/order/fulfillment-step.js';
import type { Order, OrderAction, OrderLine } from '../domain/order/order.js';
import type { OrderStatus } from '../domain/order/status.js';
import type { FulfillmentStepRow, OrderActionRow, OrderLineRow, OrderRow } from './order-entities.js';

/** An order with its parts as `orders.*` and `orderDetails` read it. */
export interface OrderRecord {
  id: string;
  number: string;
  status: OrderStatus;
  account_id: string;
  invoice_owner_account_id: string;
  partner_id: string | null;
  distributor_id: string | null;
  currency: CurrencyCode;
  effective_date: LocalDate;
  placed_at: Date;
  placed_by: string;
  purchase_order_number: string | null;
  total_minor: string;
  refusal_reason: string | null;
  version: number;
  actions: ActionRecord[];
  lines: LineRecord[];
  steps: StepRecord[];
}

interface ActionRecord {
  id: string;
  position: number;
  subscriptionId: string;
  baseVersion: number | null;
  details: Pick<OrderAction, 'deployment' | 'change'>;
}

interface LineRecord {
  position: number;
  actionId: string;
  subscriptionId: string;
  productCode: string;
  productName: string;
  quantity: number;
  unitPrice: string;
  pricePeriod: PricePeriod;
  serviceStart: LocalDate;
  serviceEnd: LocalDate;
  prorationRatio: string;
  prorationPolicy: ProrationPolicyName;
  kind: LineKind;
  /** As text: it may be larger than a JSON number can say. */
  amountMinor: string;
  taxRate: string;
  taxJurisdiction: string;
  taxReason: TaxReason;
  taxMinor: string;
}

type StepRecord = Omit<ToldStep, 'at'> & { at: string };

export function orderFromRow(row: OrderRecord): Order {
  const places = new Map(row.actions.map((action) => [action.id, action.position]));
  const { id, number, status, currency, version } = row;
  return {
    id,
    number,
    status,
    accountId: row.account_id,
    invoiceOwnerAccountId: row.invoice_owner_account_id,
    partnerId: row.partner_id,
    distributorId: row.distributor_id,
    currency,
    effectiveDate: row.effective_date,
    placedAt: row.placed_at,
    placedBy: row.placed_by,
    purchaseOrderNumber: row.purchase_order_number,
    actions: row.actions.map(({ details, ...action }) => ({ ...action, ...details })),
    lines: row.lines.map((line) => lineFromRow(line, places.get(line.actionId) ?? 1, currency)),
    total: money(BigInt(row.total_minor), currency),
    told: row.steps.map((step) => ({ ...step, at: new Date(step.at) })),
    refusalReason: row.refusal_reason,
    version,
  };
}

function lineFromRow(record: LineRecord, actionPosition: number, currency: CurrencyCode): OrderLine {
  const { amountMinor, taxRate, taxJurisdiction, taxReason, taxMinor, ...line } = record;
  return {
    ...line,
    actionPosition,
    amount: money(BigInt(amountMinor), currency),
    tax: {
      rate: taxRate,
      jurisdiction: taxJurisdiction,
      reason: taxReason,
      amount: money(BigInt(taxMinor), currency),
    },
  };
}

/** An order in the rows of its tables. */
export interface OrderRows {
  readonly order: OrderRow;
  readonly actions: readonly OrderActionRow[];
  readonly lines: readonly OrderLineRow[];
  readonly steps: readonly FulfillmentStepRow[];
}

export function orderToRows({ actions, lines, told, total, ...order }: Order): OrderRows {
  return {
    order: { ...order, totalMinor: total.minor.toString() },
    actions: actions.map((action) => actionToRow(order, action, isFirstOn(action, actions))),
    lines: lines.map((line) => lineToRow(order.id, line)),
    steps: told.map((step) => stepToRow(order.id, step)),
  };
}

export function stepToRow(orderId: string, step: ToldStep): FulfillmentStepRow {
  return { id: fulfillmentStepId({ orderId, ...step }), orderId, ...step };
}

function lineToRow(orderId: string, line: OrderLine): OrderLineRow {
  const { amount, tax, actionPosition: _, ...facts } = line;
  return {
    orderId,
    ...facts,
    amountMinor: amount.minor.toString(),
    taxRate: tax.rate,
    taxJurisdiction: tax.jurisdiction,
    taxReason: tax.reason,
    taxMinor: tax.amount.minor.toString(),
  };
}

/** True for the first of an order's actions on its subscription. */
function isFirstOn(action: OrderAction, actions: readonly OrderAction[]): boolean {
  return !actions.some(
    (other) => other.subscriptionId === action.subscriptionId && other.position < action.position,
  );
}

function actionToRow(
  { id: orderId, status }: Pick<Order, 'id' | 'status'>,
  { id, position, subscriptionId, baseVersion, deployment, change }: OrderAction,
  isFirst: boolean,
): OrderActionRow {
  return {
    id,
    orderId,
    position,
    kind: change.kind,
    subscriptionId,
    deploymentId: deployment?.id ?? null,
    open: isOpen(status),
    baseVersion,
    holdsVersion: baseVersion !== null && isFirst && holdsVersions(status),
    details: { deployment, change },
  };
}

/** While an order is under way, no other one may claim its deployments. */
export function isOpen(status: OrderStatus): boolean {
  return status === 'PLACED';
}

/** An order keeps the versions that it was priced on, but for one that was refused. */
export function holdsVersions(status: OrderStatus): boolean {
  return status !== 'REFUSED';
}
