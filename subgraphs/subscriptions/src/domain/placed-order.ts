import type { RatedCharge } from '@fulfillment/kernel/domain/billing/rating';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode, Money } from '@fulfillment/kernel/domain/money';
import type { Deployment, SubscriptionItem } from './subscription.js';

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

/** The action that creates a subscription for a deployment. */
export interface CreateSubscription {
  readonly kind: 'CREATE_SUBSCRIPTION';
  readonly subscriptionId: string;
  readonly deployment: Deployment;
  readonly termMonths: number;
  readonly autoRenewal: boolean;
  readonly items: readonly OrderedItem[];
}

/** An order that was taken: what it does, and the prices and charges that it froze. */
export interface PlacedOrder {
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
  readonly actions: readonly CreateSubscription[];
  readonly charges: readonly FrozenCharge[];
  readonly total: Money;
}
