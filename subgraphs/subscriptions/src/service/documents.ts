import type { Invoice } from '../domain/invoice.js';
import type { CreditMemo } from '../domain/receivables/credit-memo.js';

/** A company as documents name it. */
export interface Party {
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string;
}

/** A document for people, as a file. */
export interface RenderedDocument {
  /** For example "invoice-US-00001234.pdf". */
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Documents are drawn when somebody asks for them; null where the invoice owner is not known or may not be seen. */
export interface Documents {
  ofInvoice(invoice: Invoice): Promise<RenderedDocument | null>;
  ofCreditMemo(memo: CreditMemo): Promise<RenderedDocument | null>;
}
