import type { CurrencyCode } from '@fulfillment/kernel/domain/money';

/** What billing has to know of an account; orders owns it. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly countryCode: string;
  /** IANA time zone in which its days begin. */
  readonly billingTimeZone: string;
  /** The one currency in which it buys and pays. */
  readonly currency: CurrencyCode;
  /** The company of ours that sells to it and numbers its invoices. */
  readonly legalEntityCode: string;
  /** Days from an invoice's day of issue to its due day. */
  readonly paymentTermsDays: number;
  /** True for one that lives on a test clock. */
  readonly sandbox: boolean;
}
