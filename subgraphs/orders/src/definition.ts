import { randomUUID } from 'node:crypto';
import { createRateTable } from '@fulfillment/kernel/domain/billing/tax/rate-table';
import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { RequestScope, ServiceDefinition } from '@fulfillment/kernel/server/service';
import type { EntitySchema } from 'typeorm';
import { priceList } from './catalog/price-list.js';
import { handlers } from './events/index.js';
import type { Context } from './graphql/context.js';
import { createDeliveries } from './graphql/deliveries/deliveries.js';
import { createLoaders } from './graphql/loaders.js';
import { resolvers } from './graphql/resolvers/index.js';
import {
  accountEntity,
  contactEntity,
  priceEntity,
  priceListEntity,
  productEntity,
} from './persistence/entities.js';
import {
  knownDeploymentEntity,
  knownPartnerEntity,
  knownSubscriptionEntity,
} from './persistence/known-entities.js';
import { OrderActions1764000002000 } from './persistence/migrations/order-actions.js';
import { OrdersTables1764000001000 } from './persistence/migrations/orders-tables.js';
import {
  fulfillmentStepEntity,
  orderActionEntity,
  orderEntity,
  orderLineEntity,
} from './persistence/order-entities.js';
import { createOrderFactsStore } from './persistence/order-facts-store.js';
import { projections } from './persistence/projections.js';
import { createReader } from './persistence/reader.js';
import { createUnitOfWork } from './persistence/unit-of-work.js';
import { loadPriceList } from './service/load-price-list.js';
import { openSandboxAccount } from './service/open-sandbox-account.js';
import { placeOrder } from './service/place-order.js';
import type { UnitOfWork } from './service/ports.js';
import { previewOrder } from './service/preview-order.js';

/** The tax port over the published rates. */
const taxRates = createRateTable();

/** The orders service, wired: what the kernel turns into a process. */
export const ordersDefinition: ServiceDefinition<UnitOfWork, Context> = {
  name: 'orders',
  entities: [
    accountEntity,
    contactEntity,
    priceListEntity,
    productEntity,
    priceEntity,
    orderEntity,
    orderActionEntity,
    orderLineEntity,
    fulfillmentStepEntity,
    knownPartnerEntity,
    knownSubscriptionEntity,
    knownDeploymentEntity,
  ] as EntitySchema[],
  migrations: [OrdersTables1764000001000, OrderActions1764000002000],
  resolvers,
  handlers,
  projections,
  createUnitOfWork: (scope) => createUnitOfWork(scope, { newId: randomUUID, taxRates }),
  prepare: (transaction) => transaction((unit) => loadPriceList(unit, priceList)),
  createContext,
};

function createContext(request: RequestScope<UnitOfWork>): Context {
  const { viewer, receivedAt, clock, manager, transaction, bus } = request;
  const reader = createReader(manager, viewer, receivedAt);
  const asking = { viewer, receivedAt };
  return {
    viewer,
    reader,
    loaders: createLoaders(reader, clock),
    deliveries: createDeliveries(transaction, bus),
    today: async () => localDateAt(await clock.now(null), 'UTC'),
    previewOrder: (order) =>
      previewOrder({ facts: createOrderFactsStore(manager), clock, taxRates }, asking, order),
    placeOrder: (order) => placeOrder(transaction, asking, order),
    openSandboxAccount: (account) => openSandboxAccount(transaction, asking, account),
  };
}
