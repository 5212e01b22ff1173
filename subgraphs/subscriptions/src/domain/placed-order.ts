import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode, Money } from '@fulfillment/kernel/domain/money';
import type { BilledLine } from './billed-line.js';
import type { Deployment } from './subscription.js';

/** One action of an order, with every price frozen. */
export interface OrderedAction {
  readonly id: string;
  readonly position: number;
  readonly subscriptionId: string;
  /** The version that it was priced on; null for a subscription that it creates. */
  readonly baseVersion: number | null;
  /** What a new subscription is for; null for a change. */
  readonly deployment: Deployment | null;
  readonly change: AgreementAction;
}

/** An order that was taken: what it does, and the charges and credits that it froze. */
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
  readonly actions: readonly OrderedAction[];
  readonly charges: readonly BilledLine[];
  /** With tax; negative when it brings money back. */
  readonly total: Money;
}
