import { compareDates, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Account } from '../account/account.js';
import type { Product } from '../catalog/product.js';
import type { OrderParties } from './order.js';

/** The party that orders, with everybody whom the sale involves. */
export interface Buyer {
  /** Who uses it. */
  readonly account: Pick<Account, 'id' | 'billingTimeZone'>;
  /** Who pays: the account itself, or in a partner sale the distributor's or the partner's account. */
  readonly invoiceOwner: Pick<Account, 'id' | 'currency'>;
  readonly parties: OrderParties;
}

/** A subscription of a deployment, as far as it matters to another one. */
export interface RunningTerm {
  /** The first day after its term. */
  readonly endDate: LocalDate;
  readonly autoRenewal: boolean;
  readonly canceledOn: LocalDate | null;
}

/** What is known of a deployment that an order names. One that nobody has named before has no facts. */
export interface DeploymentFacts {
  readonly id: string;
  /** The account that has it, or whose order claims it. */
  readonly accountId: string;
  readonly name: string;
  readonly subscriptions: readonly RunningTerm[];
  /** An order for a subscription was taken and what became of it is not known here yet. */
  readonly orderUnderWay: boolean;
}

/** Everything that an order is judged by. */
export interface OrderFacts {
  /** In the account's billing time zone. */
  readonly today: LocalDate;
  readonly buyer: Buyer;
  readonly products: ReadonlyMap<string, Product>;
  readonly deployments: ReadonlyMap<string, DeploymentFacts>;
}

/**
 * True when a subscription would still run on a day or start after it. One that renews by itself goes on until it is
 * canceled, even when the news of its renewal has not come yet.
 */
export function stillRunsOn(term: RunningTerm, day: LocalDate): boolean {
  if (term.canceledOn !== null) return compareDates(earlier(term.canceledOn, term.endDate), day) > 0;
  return term.autoRenewal || compareDates(term.endDate, day) > 0;
}

function earlier(left: LocalDate, right: LocalDate): LocalDate {
  return compareDates(left, right) <= 0 ? left : right;
}
