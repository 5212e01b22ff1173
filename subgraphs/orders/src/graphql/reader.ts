import type { Connection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { Account } from '../domain/account/account.js';
import type { Contact } from '../domain/account/contact.js';
import type { Product } from '../domain/catalog/product.js';
import type { Checkout } from '../domain/checkout/checkout.js';
import type { VisibleOrder } from '../domain/order/discretion.js';
import type { StoredOfferRule } from '../domain/offers/rule.js';
import type { Quote } from '../domain/quote/quote.js';
import type { AccountConditions, OrderConditions } from '../service/conditions.js';
import type { QuoteConditions } from '../service/quotes/conditions.js';
import type { LeadConditions, ReadLead, StoredLeadPolicy } from '../service/leads/ports.js';
import type { FunnelConditions, FunnelRow } from '../service/offers/ports.js';
import type { OfferReader } from '../service/offers/read-offers.js';

export type AccountSort = 'NAME' | 'CREATED_AT' | 'CREATED_AT_DESC';
export type OrderSort = 'PLACED_AT' | 'PLACED_AT_DESC';
export type LeadSort = 'SCORE_DESC' | 'CREATED_AT_DESC' | 'UPDATED_AT_DESC';
export type QuoteSort = 'CREATED_AT' | 'CREATED_AT_DESC' | 'VALID_UNTIL';

/**
 * All that a request reads, as its viewer may see it: each call is one statement, and what may not be seen is missing.
 * Ids are UUIDs in small letters.
 */
export interface Reader extends OfferReader {
  accounts(ids: readonly string[]): Promise<readonly Account[]>;
  /** As of an instant, or as they stand when it is null. */
  contacts(accountIds: readonly string[], asOf: Date | null): Promise<readonly Contact[]>;
  /** The newest versions first, a hundred of each contact at the most. */
  contactHistory(contactIds: readonly string[]): Promise<readonly Contact[]>;
  /** Those of these accounts that have nobody to receive licenses. */
  accountsWithoutSoldTo(accountIds: readonly string[]): Promise<readonly { readonly id: string }[]>;
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
  quotes(ids: readonly string[]): Promise<readonly Quote[]>;
  /** The first one first; by the id of the first one. */
  quoteRevisions(firstRevisionIds: readonly string[]): Promise<readonly Quote[]>;
  quoteList(page: PageArguments, sort: QuoteSort, conditions: QuoteConditions): Promise<Connection<Quote>>;
  /** The newest first; by account (sold-to). */
  quotesOfAccounts(
    accountIds: readonly string[],
    page: PageArguments,
  ): Promise<Map<string, Connection<Quote>>>;
  checkout(id: string): Promise<Checkout | null>;
  lead(id: string): Promise<ReadLead | null>;
  leadList(page: PageArguments, sort: LeadSort, conditions: LeadConditions): Promise<Connection<ReadLead>>;
  leadPolicy(): Promise<StoredLeadPolicy | null>;
  offerRules(): Promise<readonly StoredOfferRule[]>;
  offerFunnel(conditions: FunnelConditions): Promise<readonly FunnelRow[]>;
  partners(ids: readonly string[]): Promise<readonly { readonly id: string }[]>;
  products(): Promise<readonly Product[]>;
}
