import type { RatedCharge } from '@fulfillment/kernel/domain/billing/rating';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode, Money } from '@fulfillment/kernel/domain/money';
import type { OrderAction } from './actions/index.js';
import type { ToldStep } from './fulfillment-step.js';
import type { OrderStatus } from './status.js';

/** One charge of an order, with the action and the subscription that it belongs to. */
export interface OrderLine extends RatedCharge {
  /** From 1. */
  readonly position: number;
  readonly actionId: string;
  readonly subscriptionId: string;
  readonly productCode: string;
  readonly productName: string;
}

/** Who sells and who pays. The two accounts differ in a partner sale. */
export interface OrderParties {
  /** Who uses what is ordered: sold-to. */
  readonly accountId: string;
  readonly invoiceOwnerAccountId: string;
  /** The partner who sells, and the distributor between that partner and us, if any. */
  readonly partnerId: string | null;
  readonly distributorId: string | null;
}

/** A commercial intent that was taken, with the prices that it froze. */
export interface Order extends OrderParties {
  readonly id: string;
  readonly number: string;
  readonly status: OrderStatus;
  readonly currency: CurrencyCode;
  readonly effectiveDate: LocalDate;
  readonly placedAt: Date;
  /** The audience and subject of who placed it, for example `internal:jane`. */
  readonly placedBy: string;
  readonly purchaseOrderNumber: string | null;
  readonly actions: readonly OrderAction[];
  readonly lines: readonly OrderLine[];
  readonly total: Money;
  /** What the other services have told of its fulfillment. */
  readonly told: readonly ToldStep[];
  readonly refusalReason: string | null;
  /** From 1, with every change of the status. */
  readonly version: number;
}

/** The number to quote in a conversation. */
export function orderNumber(sequence: bigint): string {
  return `O-${sequence.toString().padStart(8, '0')}`;
}
