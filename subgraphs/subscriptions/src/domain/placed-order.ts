import type { RatedCharge } from '@fulfillment/kernel/domain/billing/rating';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode, Money } from '@fulfillment/kernel/domain/money';
import type { OrderedAction } from './actions/index.js';
import type { SubscriptionItem } from './subscription.js';

/** A product of an order with the name that its charge will carry. */
export interface OrderedItem extends SubscriptionItem {
  readonly productName: string;
}

/** A charge as the order froze it. */
export interface FrozenCharge extends RatedCharge {
  readonly subscriptionId: string;
  readonly productCode: string;
  readonly productName: string;
}

/** What holds for an order as a whole. */
export interface OrderHead {
  readonly id: string;
  readonly accountId: string;
  readonly invoiceOwnerAccountId: string;
  readonly partnerId: string | null;
  readonly distributorId: string | null;
  readonly currency: CurrencyCode;
  /** In the account's billing time zone. */
  readonly effectiveDate: LocalDate;
  readonly placedAt: Date;
  readonly placedBy: string;
}

/** An order that was taken: what it does, and the prices and charges that it froze. */
export interface PlacedOrder extends OrderHead {
  readonly actions: readonly OrderedAction[];
  readonly charges: readonly FrozenCharge[];
  readonly total: Money;
}
