import type { OrderActionInput } from '../order/actions/index.js';

/** True when one of the actions asks for something off a price: then it takes a quote, and above the limit an approval. */
export function asksForDiscount(actions: readonly OrderActionInput[]): boolean {
  return actions.some(({ createSubscription, addProduct, changePlan }) =>
    [createSubscription, addProduct, changePlan, ...(createSubscription?.addOns ?? [])].some(
      (asked) => asked?.discount != null,
    ),
  );
}
