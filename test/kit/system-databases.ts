import { licensesDefinition } from '@fulfillment/licenses/definition';
import { ordersDefinition } from '@fulfillment/orders/definition';
import { partnersDefinition } from '@fulfillment/partners/definition';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import { subscriptionsDefinition } from '@fulfillment/subscriptions/definition';
import { cloneBus, cloneDatabase } from './postgres.js';

/** The databases of a whole system for the calling test file, by their connection URLs. */
export async function cloneSystemDatabases(): Promise<Readonly<Record<ServiceName | 'bus', string>>> {
  return {
    orders: (await cloneDatabase(ordersDefinition)).url,
    subscriptions: (await cloneDatabase(subscriptionsDefinition)).url,
    licenses: (await cloneDatabase(licensesDefinition)).url,
    partners: (await cloneDatabase(partnersDefinition)).url,
    bus: (await cloneBus()).url,
  };
}
