import type { EntitySchema } from 'typeorm';
import { createDataSource, type ServiceDataSource, type StatementListener } from './data-source.js';
import { idempotencyKeyEntity } from './idempotency.js';
import {
  factSequenceEntity,
  inboxEntity,
  inboxHeldEntity,
  inboxPositionEntity,
  outboxEntity,
  projectionRebuildEntity,
  rebuildArrivalEntity,
} from './messaging/entities.js';
import { MessagingTables1764000000000 } from './messaging/messaging-tables.js';
import { OutboxTraces1764000000900 } from './messaging/outbox-traces.js';
import { RebuildTables1764000000500 } from './messaging/rebuild-tables.js';
import type { ObserveStatement } from './observed-client.js';
import type { ServiceDefinition } from './service-definition.js';
import { TestClockTables1764000000700 } from './test-clock-tables.js';
import { testClockEntity } from './test-clocks.js';
import { GrantIndices1764000000800 } from './visibility/grant-indices.js';
import { grantEntity } from './visibility/grants.js';

/** The tables that every service has besides its own. */
export const kernelEntities: readonly EntitySchema[] = [
  outboxEntity,
  factSequenceEntity,
  inboxEntity,
  inboxPositionEntity,
  inboxHeldEntity,
  projectionRebuildEntity,
  rebuildArrivalEntity,
  idempotencyKeyEntity,
  grantEntity,
  testClockEntity,
] as EntitySchema[];

/** The migrations that make them. */
export const kernelMigrations = [
  MessagingTables1764000000000,
  RebuildTables1764000000500,
  TestClockTables1764000000700,
  GrantIndices1764000000800,
  OutboxTraces1764000000900,
];

/** The kernel's tables and a service's own. */
function entitiesOf({ entities }: Pick<ServiceDefinition<never, never>, 'entities'>): EntitySchema[] {
  return [...kernelEntities, ...entities];
}

/** The names of a service's tables, the kernel's among them. */
export function tablesOf(definition: Pick<ServiceDefinition<never, never>, 'entities'>): Set<string> {
  return new Set(entitiesOf(definition).flatMap(({ options }) => options.tableName ?? []));
}

/** The data source of a service: the kernel's tables and its own. */
export function serviceDataSource<Work, Context extends object>(
  definition: ServiceDefinition<Work, Context>,
  url: string,
  listeners: { readonly onStatement?: StatementListener; readonly observeStatement?: ObserveStatement } = {},
): ServiceDataSource {
  return createDataSource({
    url,
    applicationName: definition.name,
    entities: entitiesOf(definition),
    migrations: [...kernelMigrations, ...(definition.migrations as Function[])],
    ...listeners,
  });
}
