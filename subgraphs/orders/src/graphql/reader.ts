import type { Connection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { Account, Contact } from '../domain/account/account.js';
import type { Product } from '../domain/catalog/product.js';
import type { VisibleOrder } from '../domain/order/discretion.js';
import type { AccountConditions, OrderConditions } from '../service/conditions.js';
import type { OfferReader } from '../service/read-offers.js';

export type AccountSort = 'NAME' | 'CREATED_AT' | 'CREATED_AT_DESC';
export type OrderSort = 'PLACED_AT' | 'PLACED_AT_DESC';

/**
 * All that a request reads, as its viewer may see it: each call is one statement, and what may not be seen is missing.
 * Ids are UUIDs in small letters.
 */
export interface Reader extends OfferReader {
  accounts(ids: readonly string[]): Promise<readonly Account[]>;
  contacts(accountIds: readonly string[]): Promise<readonly Contact[]>;
  accountList(
    page: PageArguments,
    sort: AccountSort,
    conditions: AccountConditions,
  ): Promise<Connection<Account>>;
  orders(ids: readonly string[]): Promise<readonly VisibleOrder[]>;
  orderList(
    page: PageArguments,
    sort: OrderSort,
    conditions: OrderConditions,
  ): Promise<Connection<VisibleOrder>>;
  /** The newest first; by account (sold-to). */
  ordersOfAccounts(
    accountIds: readonly string[],
    page: PageArguments,
  ): Promise<Map<string, Connection<VisibleOrder>>>;
  /** The newest first; by the partner who sold or stands behind it as distributor. */
  ordersOfPartners(
    partnerIds: readonly string[],
    page: PageArguments,
    conditions: OrderConditions,
  ): Promise<Map<string, Connection<VisibleOrder>>>;
  partners(ids: readonly string[]): Promise<readonly { readonly id: string }[]>;
  products(): Promise<readonly Product[]>;
}
