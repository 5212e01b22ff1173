import type { LegalEntityCode } from '@fulfillment/kernel/domain/legal-entity';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';

export type AccountSegment = 'SMALL_BUSINESS' | 'MID_MARKET' | 'ENTERPRISE';

/** A party that buys, pays or uses. */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** ISO 3166, two letters. */
  readonly countryCode: string;
  /** IANA time zone in which its days begin. */
  readonly billingTimeZone: string;
  readonly currency: CurrencyCode;
  readonly segment: AccountSegment;
  readonly legalEntityCode: LegalEntityCode;
  readonly paymentTermsDays: number;
  /** True for an account that lives on a test clock and moves no money. */
  readonly sandbox: boolean;
  readonly createdAt: Date;
  /** From 1, with every change. */
  readonly version: number;
}
