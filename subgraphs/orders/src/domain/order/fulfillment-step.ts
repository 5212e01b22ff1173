/** What fulfillment does, in this order. */
export const fulfillmentStepKinds = [
  'SUBSCRIPTION_CREATED',
  'SUBSCRIPTION_CHANGED',
  'INVOICE_POSTED',
  'ENTITLEMENTS_GRANTED',
  'LICENSE_ISSUED',
] as const;
export type FulfillmentStepKind = (typeof fulfillmentStepKinds)[number];

/** A step as the service that does it has told it: for one subscription, or (null) for the whole order at once. */
export interface ToldStep {
  readonly kind: FulfillmentStepKind;
  readonly subscriptionId: string | null;
  readonly status: 'DONE' | 'REFUSED';
  /** By the clock of that service. */
  readonly at: Date;
  readonly reason: string | null;
}

/** How far an order is with one kind of step, over all of its actions that need it. */
export interface FulfillmentStep {
  readonly kind: FulfillmentStepKind;
  readonly status: 'PENDING' | 'DONE' | 'REFUSED';
  /** When the last of them was done, or the first was refused; null while pending. */
  readonly at: Date | null;
  readonly reason: string | null;
}
