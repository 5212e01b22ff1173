import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { AgreementLine } from '@fulfillment/kernel/domain/agreement/lines';
import type { LineTax } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { CurrencyCode, Money } from '@fulfillment/kernel/domain/money';
import type { ToldStep } from './fulfillment-step.js';
import type { OrderStatus } from './status.js';

/** A deployment by what the customer knows of it, with its derived id. */
export interface DeploymentReference {
  readonly id: string;
  readonly kind: DeploymentKind;
  readonly externalId: string;
  readonly name: string;
}

/** One thing that an order does to one subscription, with every price frozen. */
export interface OrderAction {
  readonly id: string;
  /** From 1. Actions on one subscription build on each other. */
  readonly position: number;
  /** The subscription that it creates or changes. */
  readonly subscriptionId: string;
  /** The version of the subscription that it was priced on; null for one that it creates. */
  readonly baseVersion: number | null;
  /** What a new subscription is for; null for a change. */
  readonly deployment: DeploymentReference | null;
  readonly change: AgreementAction;
}

/** A charge or credit with its tax. */
export interface TaxedLine extends AgreementLine {
  readonly tax: LineTax;
}

/** A line at its place in an order. */
export interface PlacedLine extends TaxedLine {
  /** From 1. */
  readonly position: number;
  /** The place of the action that it belongs to, from 1. */
  readonly actionPosition: number;
}

/** One line of an order, with the action and the subscription that it belongs to. */
export interface OrderLine extends PlacedLine {
  readonly actionId: string;
  readonly subscriptionId: string;
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
  /** With tax; negative when it brings money back. */
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
