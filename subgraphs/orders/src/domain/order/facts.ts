import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { stillHolds, termEndOf } from '@fulfillment/kernel/domain/agreement/due';
import type { TaxRate, TaxRefusal } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { Result } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { Account } from '../account/account.js';
import type { Product } from '../catalog/product.js';
import type { OrderParties } from './order.js';

/** An account that pays, with what its prices and taxes depend on. */
export type Payer = Pick<Account, 'id' | 'currency' | 'countryCode' | 'legalEntityCode'>;

/** Who sells to whom, and who pays. */
export interface Sale {
  readonly parties: OrderParties;
  readonly invoiceOwner: Payer;
}

/** The party that orders, with everybody whom a new sale to it involves. */
export interface Buyer extends Sale {
  /** Who uses it. */
  readonly account: Pick<Account, 'id' | 'billingTimeZone'>;
}

/** A subscription that the viewer may change, as it is known here. Its parties are those of the sale. */
export interface SubscriptionFacts extends Sale {
  readonly id: string;
  readonly version: number;
  readonly billingTimeZone: string;
  readonly deploymentId: string;
  readonly deploymentKind: DeploymentKind;
  /** The day from which its newest version holds. */
  readonly effectiveOn: LocalDate;
  readonly agreement: Agreement;
  /** An order was priced on this version, and what became of it is not known here yet. */
  readonly orderUnderWay: boolean;
}

/** What is known of a deployment that an order names. One that nobody has named before has no facts. */
export interface DeploymentFacts {
  readonly id: string;
  /** The account that has it, or whose order claims it. */
  readonly accountId: string;
  readonly name: string | null;
  readonly subscriptions: readonly Agreement[];
  /** The plans of which it had a trial, by their codes. */
  readonly trialedPlans: readonly string[];
  /** An order for a subscription was taken and what became of it is not known here yet. */
  readonly orderUnderWay: boolean;
}

/** Everything that an order is judged by. */
export interface OrderFacts {
  /** In the account's billing time zone. */
  readonly today: LocalDate;
  /** Who asks: discounts, commercial terms, transfers and days in the past are for internal callers alone. */
  readonly audience: Viewer['audience'];
  readonly buyer: Buyer;
  /** By id, those that the viewer may see. */
  readonly subscriptions: ReadonlyMap<string, SubscriptionFacts>;
  /** The accounts that a subscription is to be given to, by id. */
  readonly receivers: ReadonlyMap<string, Payer>;
  readonly products: ReadonlyMap<string, Product>;
  readonly deployments: ReadonlyMap<string, DeploymentFacts>;
  /** The one deployment that may be ordered for; null when the viewer works for no one in particular. */
  readonly namedDeploymentId: string | null;
  /** The tax on everything that the invoice owner is charged. */
  readonly tax: Result<TaxRate, TaxRefusal>;
}

/**
 * True when a subscription would still run on a day or start after it. One that renews by itself goes on until it is
 * canceled, even when the news of its renewal has not come yet.
 */
export function stillRunsOn(agreement: Agreement, day: LocalDate): boolean {
  return stillHolds(agreement, day) || termEndOf(agreement) !== 'ENDS';
}
