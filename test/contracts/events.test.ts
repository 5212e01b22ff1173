import { handledTopics } from '@fulfillment/kernel/server/service-definition';
import { licensesDefinition } from '@fulfillment/licenses/definition';
import { ordersDefinition } from '@fulfillment/orders/definition';
import { partnersDefinition } from '@fulfillment/partners/definition';
import { carriedOut, consumers, type Topic } from '@fulfillment/schema/events/topics';
import { subscriptionsDefinition } from '@fulfillment/subscriptions/definition';
import { expect, it } from 'vitest';

const definitions = [ordersDefinition, subscriptionsDefinition, licensesDefinition, partnersDefinition];

it.each(definitions)('$name handles exactly the topics that it is said to consume', (definition) => {
  const promised = (Object.keys(consumers) as Topic[]).filter((topic) =>
    consumers[topic].includes(definition.name),
  );
  expect(handledTopics(definition).sort()).toEqual(promised.sort());
});

it.each(definitions)(
  '$name can build again what it keeps of others, and no more',
  ({ name, projections }) => {
    const kept = (Object.keys(consumers) as Topic[]).filter(
      (topic) => consumers[topic].includes(name) && !carriedOut[topic]?.includes(name),
    );
    expect(Object.keys(projections).sort()).toEqual(kept.sort());
  },
);
