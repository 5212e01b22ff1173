import type { QuoteStatus } from '../../domain/quote/lifecycle.js';

/** Conditions on quotes; all that are given must hold. */
export interface QuoteConditions {
  readonly status?: QuoteStatus | null;
  readonly accountId?: string | null;
  /** The partner who sells, or stands behind the sale as distributor. */
  readonly partnerId?: string | null;
  readonly number?: string | null;
  /** Of the quote, or of the order that it became. */
  readonly purchaseOrderNumber?: string | null;
  readonly awaitsApproval?: boolean | null;
  readonly createdFrom?: Date | null;
  readonly createdBefore?: Date | null;
}
