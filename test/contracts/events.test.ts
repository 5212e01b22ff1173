import { handledTopics } from '@fulfillment/kernel/server/service';
import { licensesDefinition } from '@fulfillment/licenses/definition';
import { ordersDefinition } from '@fulfillment/orders/definition';
import { partnersDefinition } from '@fulfillment/partners/definition';
import { consumers, type Topic } from '@fulfillment/schema/events/topics';
import { subscriptionsDefinition } from '@fulfillment/subscriptions/definition';
import { expect, it } from 'vitest';

it.each([ordersDefinition, subscriptionsDefinition, licensesDefinition, partnersDefinition])(
  '$name handles exactly the topics that it is said to consume',
  (definition) => {
    const promised = (Object.keys(consumers) as Topic[]).filter((topic) =>
      consumers[topic].includes(definition.name),
    );
    expect(handledTopics(definition).sort()).toEqual(promised.sort());
  },
);
