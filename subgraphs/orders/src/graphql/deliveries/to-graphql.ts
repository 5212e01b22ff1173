import type { Connection } from '@fulfillment/kernel/server/connection';
import type { FailedDelivery, ProjectionRebuild } from '@fulfillment/schema/events/deliveries';
import { type ServiceName, serviceNames } from '@fulfillment/schema/events/topics';
import type {
  EventService,
  FailedDelivery as GraphqlFailedDelivery,
  FailedDeliveryConnection,
  ProjectionRebuild as GraphqlProjectionRebuild,
} from '../__generated__/resolvers.js';

const servicesToGraphql: Readonly<Record<ServiceName, EventService>> = {
  orders: 'ORDERS',
  subscriptions: 'SUBSCRIPTIONS',
  licenses: 'LICENSES',
  partners: 'PARTNERS',
};

const servicesFromGraphql: Readonly<Record<EventService, ServiceName>> = {
  ORDERS: 'orders',
  SUBSCRIPTIONS: 'subscriptions',
  LICENSES: 'licenses',
  PARTNERS: 'partners',
};

export function serviceFromGraphql(service: EventService): ServiceName {
  return servicesFromGraphql[service];
}

export function optionalServiceFromGraphql(service: EventService | null | undefined): ServiceName | null {
  return service == null ? null : servicesFromGraphql[service];
}

export function failedDeliveriesToGraphql(list: Connection<FailedDelivery>): FailedDeliveryConnection {
  const edges = list.edges.map(({ cursor, node }) => ({ cursor, node: failedDeliveryToGraphql(node) }));
  return { ...list, edges, nodes: edges.map((edge) => edge.node) };
}

function failedDeliveryToGraphql(delivery: FailedDelivery): GraphqlFailedDelivery {
  const producer = serviceNames.find((service) => delivery.topic.startsWith(`${service}.`));
  if (!producer) throw new Error(`No service produces ${delivery.topic}`);
  return {
    ...delivery,
    producer: servicesToGraphql[producer],
    consumer: servicesToGraphql[delivery.consumer],
    isDeadLetter: delivery.retriedAt === null,
  };
}

export function rebuildToGraphql(rebuild: ProjectionRebuild): GraphqlProjectionRebuild {
  return { ...rebuild, consumer: servicesToGraphql[rebuild.consumer] };
}
