import type { ProrationPolicyName } from '@fulfillment/kernel/domain/billing/proration';
import type { PricePeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import { fulfillmentStepId } from '@fulfillment/kernel/domain/ids';
import { type CurrencyCode, money } from '@fulfillment/kernel/domain/money';
import { claimedDeployment, type OrderAction } from '../domain/order/actions/index.js';
import type { ToldStep } from '../domain/order/fulfillment-step.js';
import type { Order, OrderLine } from '../domain/order/order.js';
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
  kind: OrderAction['kind'];
  subscriptionId: string;
  details: Omit<OrderAction, 'id' | 'position' | 'kind' | 'subscriptionId'>;
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
  /** As text: it may be larger than a JSON number can say. */
  amountMinor: string;
}

type StepRecord = Omit<ToldStep, 'at'> & { at: string };

export function orderFromRow(row: OrderRecord): Order {
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
    lines: row.lines.map((line) => lineFromRow(line, currency)),
    total: money(BigInt(row.total_minor), currency),
    told: row.steps.map((step) => ({ ...step, at: new Date(step.at) })),
    refusalReason: row.refusal_reason,
    version,
  };
}

function lineFromRow({ amountMinor, ...line }: LineRecord, currency: CurrencyCode): OrderLine {
  return { ...line, amount: money(BigInt(amountMinor), currency) };
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
    actions: actions.map((action) => actionToRow(order, action)),
    lines: lines.map(({ amount, ...line }) => ({
      orderId: order.id,
      ...line,
      amountMinor: amount.minor.toString(),
    })),
    steps: told.map((step) => stepToRow(order.id, step)),
  };
}

export function stepToRow(orderId: string, step: ToldStep): FulfillmentStepRow {
  return { id: fulfillmentStepId({ orderId, ...step }), orderId, ...step };
}

function actionToRow(order: Pick<Order, 'id' | 'status'>, action: OrderAction): OrderActionRow {
  const { id, position, kind, subscriptionId, ...details } = action;
  return {
    id,
    orderId: order.id,
    position,
    kind,
    subscriptionId,
    deploymentId: claimedDeployment(action),
    open: order.status === 'PLACED',
    details,
  };
}
