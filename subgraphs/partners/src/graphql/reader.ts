import type { Connection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { Commission } from '../domain/commission.js';
import type { CustomerRelationship } from '../domain/customer-relationship.js';
import type { PartnerKind, VisiblePartner } from '../domain/partner.js';

/** What resolvers need of the store: each one statement, and nothing that the viewer may not see. */
export interface PartnersReader {
  partnersById(ids: readonly string[]): Promise<VisiblePartner[]>;
  partnerPage(filter: { kind: PartnerKind | null }, page: PageArguments): Promise<Connection<VisiblePartner>>;
  resellersOf(distributorIds: readonly string[]): Promise<Map<string, VisiblePartner[]>>;
  sellersTo(
    accounts: readonly { readonly accountId: string; readonly at: Date }[],
  ): Promise<Map<string, VisiblePartner[]>>;
  customersOf(
    partnerIds: readonly string[],
    page: PageArguments,
  ): Promise<Map<string, Connection<CustomerRelationship>>>;
  commissionsById(ids: readonly string[]): Promise<Commission[]>;
  commissionsOf(
    partnerIds: readonly string[],
    page: PageArguments,
  ): Promise<Map<string, Connection<Commission>>>;
  commissionsOfOrders(
    orderIds: readonly string[],
    page: PageArguments,
  ): Promise<Map<string, Connection<Commission>>>;
}
