import { EntitySchema } from 'typeorm';
import { reference } from './foreign-key.js';

/** The rows of an order and its parts, as `order-rows.ts` makes and reads them. */

export interface OrderRow {
  id: string;
  number: string;
  status: string;
  accountId: string;
  invoiceOwnerAccountId: string;
  partnerId: string | null;
  distributorId: string | null;
  currency: string;
  effectiveDate: string;
  placedAt: Date;
  placedBy: string;
  purchaseOrderNumber: string | null;
  totalMinor: string;
  refusalReason: string | null;
  version: number;
}

/** Named in the plural: ORDER is a word of SQL. */
export const orderEntity = new EntitySchema<OrderRow>({
  name: 'Order',
  tableName: 'orders',
  columns: {
    id: { type: 'uuid', primary: true },
    number: { type: 'text' },
    status: { type: 'text' },
    accountId: { type: 'uuid', name: 'account_id' },
    invoiceOwnerAccountId: { type: 'uuid', name: 'invoice_owner_account_id' },
    partnerId: { type: 'uuid', name: 'partner_id', nullable: true },
    distributorId: { type: 'uuid', name: 'distributor_id', nullable: true },
    currency: { type: 'text' },
    effectiveDate: { type: 'date', name: 'effective_date' },
    placedAt: { type: 'timestamptz', name: 'placed_at' },
    placedBy: { type: 'text', name: 'placed_by' },
    purchaseOrderNumber: { type: 'text', name: 'purchase_order_number', nullable: true },
    totalMinor: { type: 'bigint', name: 'total_minor' },
    refusalReason: { type: 'text', name: 'refusal_reason', nullable: true },
    version: { type: 'integer' },
  },
  indices: [
    { name: 'orders_number', columns: ['number'], unique: true },
    { name: 'orders_by_age', columns: ['placedAt', 'id'] },
    { name: 'orders_by_account', columns: ['accountId', 'placedAt', 'id'] },
    { name: 'orders_by_partner', columns: ['partnerId', 'placedAt', 'id'] },
    { name: 'orders_by_distributor', columns: ['distributorId', 'placedAt', 'id'] },
    { name: 'orders_by_purchase_order_number', columns: ['purchaseOrderNumber'] },
  ],
  foreignKeys: [
    reference('orders_account', 'Account', 'accountId'),
    reference('orders_invoice_owner', 'Account', 'invoiceOwnerAccountId'),
  ],
});

export interface OrderActionRow {
  id: string;
  orderId: string;
  position: number;
  kind: string;
  subscriptionId: string;
  /** The deployment that it claims, if any. */
  deploymentId: string | null;
  /** While the order is under way, no other action may be open for the deployment. */
  open: boolean;
  /** The version of the subscription that it was priced on; null for one that it creates. */
  baseVersion: number | null;
  /**
   * Of the changes of one subscription in an order the first holds its version, unless the order is refused: no other order
   * may be priced on it, for the version that it was priced on is gone once it is carried out.
   */
  holdsVersion: boolean;
  /** What the action does, in the form of the domain. */
  details: object;
}

export const orderActionEntity = new EntitySchema<OrderActionRow>({
  name: 'OrderAction',
  tableName: 'order_action',
  columns: {
    id: { type: 'uuid', primary: true },
    orderId: { type: 'uuid', name: 'order_id' },
    position: { type: 'integer' },
    kind: { type: 'text' },
    subscriptionId: { type: 'uuid', name: 'subscription_id' },
    deploymentId: { type: 'uuid', name: 'deployment_id', nullable: true },
    open: { type: 'boolean' },
    baseVersion: { type: 'integer', name: 'base_version', nullable: true },
    holdsVersion: { type: 'boolean', name: 'holds_version' },
    details: { type: 'jsonb' },
  },
  indices: [
    { name: 'order_action_place', columns: ['orderId', 'position'], unique: true },
    { name: 'order_action_by_deployment', columns: ['deploymentId'] },
    { name: 'order_action_open', columns: ['deploymentId'], unique: true, where: 'open' },
    {
      name: 'order_action_version',
      columns: ['subscriptionId', 'baseVersion'],
      unique: true,
      where: 'holds_version',
    },
  ],
  foreignKeys: [reference('order_action_order', 'Order', 'orderId')],
});

export interface OrderLineRow {
  orderId: string;
  position: number;
  actionId: string;
  subscriptionId: string;
  productCode: string;
  productName: string;
  quantity: number;
  unitPrice: string;
  pricePeriod: string;
  serviceStart: string;
  serviceEnd: string;
  prorationRatio: string;
  prorationPolicy: string;
  amountMinor: string;
  kind: string;
  taxRate: string;
  taxJurisdiction: string;
  taxReason: string;
  taxMinor: string;
}

export const orderLineEntity = new EntitySchema<OrderLineRow>({
  name: 'OrderLine',
  tableName: 'order_line',
  columns: {
    orderId: { type: 'uuid', name: 'order_id', primary: true },
    position: { type: 'integer', primary: true },
    actionId: { type: 'uuid', name: 'action_id' },
    subscriptionId: { type: 'uuid', name: 'subscription_id' },
    productCode: { type: 'text', name: 'product_code' },
    productName: { type: 'text', name: 'product_name' },
    quantity: { type: 'integer' },
    unitPrice: { type: 'text', name: 'unit_price' },
    pricePeriod: { type: 'text', name: 'price_period' },
    serviceStart: { type: 'date', name: 'service_start' },
    serviceEnd: { type: 'date', name: 'service_end' },
    prorationRatio: { type: 'text', name: 'proration_ratio' },
    prorationPolicy: { type: 'text', name: 'proration_policy' },
    amountMinor: { type: 'bigint', name: 'amount_minor' },
    kind: { type: 'text' },
    taxRate: { type: 'text', name: 'tax_rate' },
    taxJurisdiction: { type: 'text', name: 'tax_jurisdiction' },
    taxReason: { type: 'text', name: 'tax_reason' },
    taxMinor: { type: 'bigint', name: 'tax_minor' },
  },
  foreignKeys: [
    reference('order_line_order', 'Order', 'orderId'),
    reference('order_line_action', 'OrderAction', 'actionId'),
  ],
});

export interface FulfillmentStepRow {
  /** Made from the order, the subscription and the kind: a step is told once. */
  id: string;
  orderId: string;
  /** Null: of the whole order. */
  subscriptionId: string | null;
  kind: string;
  status: string;
  at: Date;
  reason: string | null;
}

export const fulfillmentStepEntity = new EntitySchema<FulfillmentStepRow>({
  name: 'FulfillmentStep',
  tableName: 'fulfillment_step',
  columns: {
    id: { type: 'uuid', primary: true },
    orderId: { type: 'uuid', name: 'order_id' },
    subscriptionId: { type: 'uuid', name: 'subscription_id', nullable: true },
    kind: { type: 'text' },
    status: { type: 'text' },
    at: { type: 'timestamptz' },
    reason: { type: 'text', nullable: true },
  },
  indices: [{ name: 'fulfillment_step_by_order', columns: ['orderId'] }],
  foreignKeys: [reference('fulfillment_step_order', 'Order', 'orderId')],
});
