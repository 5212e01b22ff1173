import type { BillingSubscription } from './subscription.js';

/** What subscriptions shows of a partner; partners owns it. */
export interface Partner {
  readonly id: string;
  readonly name: string;
  readonly kind: 'DISTRIBUTOR' | 'RESELLER';
  /** Where customers write to. */
  readonly contactEmail: string;
  /** For a reseller: the distributor that it buys from; null when it buys from us. */
  readonly distributorId: string | null;
}

/** A subscription as one viewer sees it, with the partner who sells it: null where nobody does, or the viewer may not see who. */
export interface ShownSubscription extends BillingSubscription {
  readonly partnerOfRecord: Omit<Partner, 'distributorId'> | null;
}
