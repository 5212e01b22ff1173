import type { ServiceDefinition } from '@fulfillment/kernel/server/service';
import { handlers } from './events/index.js';
import type { Context } from './graphql/context.js';
import { createLoaders } from './graphql/loaders.js';
import { resolvers } from './graphql/resolvers/index.js';
import { licensesEntities } from './persistence/entities.js';
import { LicensesTables1764000003000 } from './persistence/migrations/licenses-tables.js';
import { SubscriptionSuspension1764000003100 } from './persistence/migrations/subscription-suspension.js';
import { projections } from './persistence/projections.js';
import { createReader } from './persistence/reader.js';
import { createUnitOfWork } from './persistence/unit-of-work.js';
import type { UnitOfWork } from './service/ports.js';

/** The licenses service, wired: what the kernel turns into a process. */
export const licensesDefinition: ServiceDefinition<UnitOfWork, Context> = {
  name: 'licenses',
  entities: licensesEntities,
  migrations: [LicensesTables1764000003000, SubscriptionSuspension1764000003100],
  resolvers,
  handlers,
  projections,
  createUnitOfWork,
  createContext: ({ manager, viewer, receivedAt, clock, freshness }) => ({
    loaders: createLoaders(createReader(manager, viewer, receivedAt), clock, freshness),
  }),
};
