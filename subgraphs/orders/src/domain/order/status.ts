/** What fulfillment does, in this order. */
export const fulfillmentStepKinds = [
  'SUBSCRIPTION_CREATED',
  'INVOICE_POSTED',
  'ENTITLEMENTS_GRANTED',
  'LICENSE_ISSUED',
] as const;
export type FulfillmentStepKind = (typeof fulfillmentStepKinds)[number];

export type FulfillmentStepStatus = 'PENDING' | 'DONE' | 'REFUSED';

/** A step as the service that does it has told it. */
export interface FulfillmentStep {
  readonly kind: FulfillmentStepKind;
  readonly status: FulfillmentStepStatus;
  /** By the clock of that service; null while pending. */
  readonly at: Date | null;
  readonly reason: string | null;
}

export type OrderStatus = 'PLACED' | 'FULFILLED' | 'REFUSED';

/** How far all the steps of an order are, taken together. */
type Progress = 'UNDER_WAY' | 'ALL_DONE' | 'ONE_REFUSED';

/**
 * The one table of an order's lifecycle: where it goes from each status. FULFILLED and REFUSED are final; a step that is
 * told after that changes nothing of it.
 */
const transitions: Readonly<Record<OrderStatus, Readonly<Record<Progress, OrderStatus>>>> = {
  PLACED: { UNDER_WAY: 'PLACED', ALL_DONE: 'FULFILLED', ONE_REFUSED: 'REFUSED' },
  FULFILLED: { UNDER_WAY: 'FULFILLED', ALL_DONE: 'FULFILLED', ONE_REFUSED: 'FULFILLED' },
  REFUSED: { UNDER_WAY: 'REFUSED', ALL_DONE: 'REFUSED', ONE_REFUSED: 'REFUSED' },
};

/** The steps of an order that was just placed. */
export function pendingSteps(): FulfillmentStep[] {
  return fulfillmentStepKinds.map((kind) => ({ kind, status: 'PENDING', at: null, reason: null }));
}

/** The status that follows from the steps. */
export function statusAfter(status: OrderStatus, steps: readonly FulfillmentStep[]): OrderStatus {
  return transitions[status][progressOf(steps)];
}

/** The reason that the first refused step gives; null when none was refused. */
export function refusalReasonOf(steps: readonly FulfillmentStep[]): string | null {
  const refused = steps.find((step) => step.status === 'REFUSED');
  return refused ? (refused.reason ?? `${refused.kind} was refused.`) : null;
}

export function isStepDone(steps: readonly FulfillmentStep[], kind: FulfillmentStepKind): boolean {
  return steps.some((step) => step.kind === kind && step.status === 'DONE');
}

/** Final steps stay: a step that was told twice, or refused after it was done, is told once. */
export function recordStep(steps: readonly FulfillmentStep[], told: FulfillmentStep): FulfillmentStep[] {
  return steps.map((step) => (step.kind === told.kind && step.status === 'PENDING' ? told : step));
}

function progressOf(steps: readonly FulfillmentStep[]): Progress {
  if (steps.some((step) => step.status === 'REFUSED')) return 'ONE_REFUSED';
  return steps.every((step) => step.status === 'DONE') ? 'ALL_DONE' : 'UNDER_WAY';
}
