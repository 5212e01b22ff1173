import type { ServiceDefinition } from '@fulfillment/kernel/server/service-definition';
import { handlers } from './events/index.js';
import type { Context } from './graphql/context.js';
import { createLoaders } from './graphql/loaders.js';
import { resolvers } from './graphql/resolvers/index.js';
import { partnersEntities } from './persistence/entities.js';
import { CommissionsTakenBack1764000005000 } from './persistence/migrations/commissions-taken-back.js';
import { PartnersToldAgain1764000005020 } from './persistence/migrations/partners-told-again.js';
import { PartnersTables1764000004000 } from './persistence/migrations/partners-tables.js';
import { projections } from './persistence/projections.js';
import { createReader } from './persistence/reader.js';
import { createUnitOfWork } from './persistence/unit-of-work.js';
import type { PartnersUnitOfWork } from './service/unit-of-work.js';

/** What the partners service is made of. */
export const partnersDefinition: ServiceDefinition<PartnersUnitOfWork, Context> = {
  name: 'partners',
  entities: partnersEntities,
  migrations: [
    PartnersTables1764000004000,
    CommissionsTakenBack1764000005000,
    PartnersToldAgain1764000005020,
  ],
  resolvers,
  handlers,
  projections,
  createUnitOfWork,
  createContext: ({ viewer, receivedAt, clock, freshness, manager }) => {
    const reader = createReader(manager, viewer, receivedAt);
    return { viewer, clock, reader, loaders: createLoaders({ reader, clock, freshness }) };
  },
};
