import type { Invoice } from '../invoice.js';

/** A draft as the invoice that it becomes when nobody posts it before its time. */
export interface ShownDraft extends Omit<Invoice, 'number'> {
  readonly number: null;
  readonly postsAt: Date;
}

/** Which drafts are asked for; null asks for all. */
export interface DraftFilter {
  readonly accountId: string | null;
  readonly legalEntityCode: string | null;
}
