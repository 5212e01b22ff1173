import type { AccountSegment } from '../domain/account/account.js';
import type { OrderStatus } from '../domain/order/status.js';

/** Conditions on accounts; all that are given must hold. */
export interface AccountConditions {
  readonly nameContains?: string | null;
  readonly countryCode?: string | null;
  readonly segment?: AccountSegment | null;
}

/** Conditions on orders; all that are given must hold. */
export interface OrderConditions {
  readonly status?: OrderStatus | null;
  readonly accountId?: string | null;
  /** The partner who sold, or stands behind the sale as distributor. */
  readonly partnerId?: string | null;
  readonly purchaseOrderNumber?: string | null;
  readonly placedFrom?: Date | null;
  readonly placedBefore?: Date | null;
}
