import type { Random } from '@fulfillment/kernel/population/random';
import type { OrderInput } from './order-client.js';

/** A subscription to the plan that most buy, with an add-on: what the speed of ordering is measured by. */
export function usualOrder(accountId: string, externalId: string): OrderInput {
  return { accountId, actions: [createSubscription(externalId, 10, 2)] };
}

/** An order as they come: for one deployment or two, of any size, with or without add-ons. */
export function anyOrder(random: Random, accountId: string, externalId: string): OrderInput {
  const count = random.chance(0.2) ? 2 : 1;
  const actions = Array.from({ length: count }, (_, place) =>
    createSubscription(`${externalId}-${place + 1}`, random.integer(1, 500), random.integer(0, 3)),
  );
  return { accountId, actions };
}

function createSubscription(externalId: string, quantity: number, computePacks: number) {
  return {
    createSubscription: {
      deployment: { kind: 'SAAS_NAMESPACE', externalId },
      planCode: 'PREMIUM',
      quantity,
      addOns: computePacks === 0 ? [] : [{ productCode: 'COMPUTE_MINUTES', quantity: computePacks }],
    },
  };
}
