import type { PartnerAgreement } from './partner-agreement.js';

export type PartnerKind = Partner['kind'];

/** A company that sells our products: a distributor buys from us, a reseller from us or from a distributor. */
export type Partner = Distributor | Reseller;

export interface Distributor extends PartnerBasics {
  readonly kind: 'DISTRIBUTOR';
  readonly distributorId: null;
}

export interface Reseller extends PartnerBasics {
  readonly kind: 'RESELLER';
  /** The distributor that it buys from; null when it buys from us. */
  readonly distributorId: string | null;
}

interface PartnerBasics {
  readonly id: string;
  readonly name: string;
  readonly contactEmail: string;
  /** The partner's own account, which pays our invoices. */
  readonly accountId: string;
  /** The billing time zone of that account (IANA): the days of agreements and customer relationships are its days. */
  readonly timeZone: string;
  readonly registeredAt: Date;
  readonly agreements: readonly PartnerAgreement[];
  /** Counts the partner's changes, from 1. */
  readonly version: number;
}

/**
 * A partner as one viewer sees it. Customers, and a distributor's resellers, see how to reach it; what was agreed with it
 * and its account (null, none) only the partner itself, its distributor and we.
 */
export interface VisiblePartner {
  readonly id: string;
  readonly name: string;
  readonly kind: PartnerKind;
  readonly contactEmail: string;
  readonly distributorId: string | null;
  readonly timeZone: string;
  readonly accountId: string | null;
  readonly agreements: readonly PartnerAgreement[];
}
