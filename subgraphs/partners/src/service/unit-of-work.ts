import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import type { Commission } from '../domain/commission.js';
import type { CustomerRelationship } from '../domain/customer-relationship.js';
import type { Grant, Sale } from '../domain/grants.js';
import type { Partner } from '../domain/partner.js';

/** What use cases and handlers of this service work with, inside one transaction. */
export interface PartnersUnitOfWork {
  readonly partners: PartnerStore;
  readonly relationships: RelationshipStore;
  readonly commissions: CommissionStore;
  readonly grants: GrantStore;
}

export interface PartnerStore {
  find(id: string): Promise<Partner | null>;
  /** As `find`; until the transaction ends no other one changes the customers of the partner's distribution. */
  lockDistribution(id: string): Promise<Partner | null>;
  /** Writes a new partner and its agreements, and promises its snapshot. */
  add(partner: Partner): Promise<void>;
}

export interface RelationshipStore {
  /** Every sale to the customer, past ones too, by partners with the same distributor and that distributor itself. */
  salesOfDistribution(partner: Partner, accountId: string): Promise<Sale[]>;
  add(relationship: CustomerRelationship): Promise<void>;
}

export interface CommissionStore {
  /** A partner's commissions that come from some invoices, and what other documents took back of them. */
  onInvoices(partnerId: string, invoiceIds: readonly string[]): Promise<Commission[]>;
  /** Writes what is not there already, and promises it to those who keep the books. */
  add(commissions: readonly Commission[]): Promise<void>;
}

export interface GrantStore {
  /** Writes grants of this service, and promises them to the others. */
  give(grants: readonly Grant[], occurredAt: Date): Promise<void>;
  /** Writes a grant that another service gave. */
  receive(grant: GrantPayload): Promise<void>;
}
