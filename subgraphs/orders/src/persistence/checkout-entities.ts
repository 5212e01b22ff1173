import { EntitySchema } from 'typeorm';
import type { CheckoutError } from '../domain/checkout/errors.js';
import { reference } from './foreign-key.js';
import type { FrozenDraftJson } from './frozen-draft-json.js';

/** The row of a checkout, as `checkout-store.ts` makes and reads it. */
export interface CheckoutRow {
  id: string;
  status: string;
  accountId: string;
  /** What was asked for, in the form of the domain. */
  request: object;
  draft: FrozenDraftJson;
  returnUrl: string;
  url: string | null;
  expiresAt: Date;
  createdAt: Date;
  createdBy: string;
  paymentReference: string | null;
  orderId: string | null;
  problem: CheckoutError | null;
  version: number;
}

/** `checkedAt` is the store's alone: when somebody last set out to carry the checkout on. */
export const checkoutEntity = new EntitySchema<CheckoutRow & { checkedAt: Date }>({
  name: 'Checkout',
  tableName: 'checkout',
  columns: {
    id: { type: 'uuid', primary: true },
    status: { type: 'text' },
    accountId: { type: 'uuid', name: 'account_id' },
    request: { type: 'jsonb' },
    draft: { type: 'jsonb' },
    returnUrl: { type: 'text', name: 'return_url' },
    url: { type: 'text', nullable: true },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    createdBy: { type: 'text', name: 'created_by' },
    paymentReference: { type: 'text', name: 'payment_reference', nullable: true },
    orderId: { type: 'uuid', name: 'order_id', nullable: true },
    problem: { type: 'jsonb', nullable: true },
    version: { type: 'integer' },
    checkedAt: { type: 'timestamptz', name: 'checked_at' },
  },
  indices: [
    { name: 'checkout_order', columns: ['orderId'], unique: true },
    { name: 'checkout_by_check', columns: ['status', 'checkedAt'] },
  ],
  foreignKeys: [
    reference('checkout_account', 'Account', 'accountId'),
    reference('checkout_became', 'Order', 'orderId'),
  ],
});

export interface SimulatedPaymentRow {
  reference: string;
  amountMinor: string;
  currency: string;
  returnUrl: string;
  expiresAt: Date;
  method: string | null;
  refundedAt: Date | null;
}

/** What the simulated payment provider keeps. No other table refers to it: a real provider is elsewhere. */
export const simulatedPaymentEntity = new EntitySchema<SimulatedPaymentRow>({
  name: 'SimulatedPayment',
  tableName: 'simulated_payment',
  columns: {
    reference: { type: 'uuid', primary: true },
    amountMinor: { type: 'bigint', name: 'amount_minor' },
    currency: { type: 'text' },
    returnUrl: { type: 'text', name: 'return_url' },
    expiresAt: { type: 'timestamptz', name: 'expires_at' },
    method: { type: 'text', nullable: true },
    refundedAt: { type: 'timestamptz', name: 'refunded_at', nullable: true },
  },
});
