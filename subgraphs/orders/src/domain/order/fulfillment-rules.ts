import type { FulfillmentStepKind } from './fulfillment-step.js';
import type { OrderAction } from './order.js';

/** The steps that the other services tell of an action. */
export function stepsOf({
  change,
}: {
  readonly change: Pick<OrderAction['change'], 'kind'>;
}): readonly FulfillmentStepKind[] {
  const first = change.kind === 'CREATE_SUBSCRIPTION' ? 'SUBSCRIPTION_CREATED' : 'SUBSCRIPTION_CHANGED';
  return [first, 'INVOICE_POSTED', 'ENTITLEMENTS_GRANTED', 'LICENSE_ISSUED'];
}
