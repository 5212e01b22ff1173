import type { ServiceName, Topic } from '@fulfillment/schema/events/topics';
import type { EntityManager, EntitySchema, MixedList } from 'typeorm';
import type { Clock, TestClocks } from '../domain/clock.js';
import type { Viewer } from '../domain/viewer.js';
import type { Bus } from './bus/bus.js';
import type { OnSetAside } from './due-work.js';
import type { Freshness } from './freshness.js';
import type { GraphqlResolvers } from './graphql/server.js';
import type { LastWrites } from './last-writes.js';
import type { Logger } from './logger.js';
import type { EventHandlers, HandOn } from './messaging/inbox.js';
import type { TogetherHandlers } from './messaging/inbox-together.js';
import type { EventAppender } from './messaging/outbox.js';
import type { Projections } from './messaging/projections.js';
import type { Page } from './pages.js';

/** One transaction of a service: its rows and its events commit together or not at all. */
export interface TransactionScope {
  readonly manager: EntityManager;
  readonly events: EventAppender;
  /** Shows at once what the transaction sets through `testClocks`. */
  readonly clock: Clock;
  readonly testClocks: TestClocks;
  readonly lastWrites: LastWrites;
}

/** Runs work in a transaction with the service's unit of work; events are published after the commit. */
export type RunTransaction<Work> = <T>(work: (unit: Work) => Promise<T>) => Promise<T>;

/** What a service is made of; `startService` turns it into a process. */
export interface ServiceDefinition<Work, Context extends object> {
  readonly name: ServiceName;
  readonly entities: readonly EntitySchema[];
  // TypeORM's own type for migration classes.
  readonly migrations: MixedList<Function>;
  readonly resolvers: GraphqlResolvers;
  readonly handlers: EventHandlers<Work>;
  /** What is done with several events at once of topics that are taken in together. */
  readonly together?: TogetherHandlers<Work>;
  /** What is done with an event before it is taken in, outside of the transaction. */
  readonly handOn?: HandOn<Work>;
  /** How to empty what is kept of each topic, so that it can be built again. */
  readonly projections: Projections;
  /** The stores and events that use cases work with inside a transaction. */
  readonly createUnitOfWork: (scope: TransactionScope) => Work;
  /** Runs after the migrations and before the first request; replicas may run it at the same moment. */
  readonly prepare?: (transaction: RunTransaction<Work>) => Promise<void>;
  /** What the service shows to browsers besides its graph. */
  readonly pages?: (transaction: RunTransaction<Work>) => readonly Page[];
  /** What the service does by itself, again and again. */
  readonly periodic?: readonly PeriodicWork<Work>[];
  /** What resolvers get with each request. */
  readonly createContext: (request: ServiceRequest<Work>) => Context;
}

/** Work that a service does by itself so long after each run of it has ended; replicas may do it at the same moment. */
export interface PeriodicWork<Work> {
  /** For traces and metrics: `dunning`. */
  readonly name: string;
  /** For the log, when a run fails: `What fell due could not be done`. */
  readonly failure: string;
  readonly milliseconds: number;
  /** What fails for a part of it is set aside there (`due-work.ts`); it throws when nothing can be done. */
  readonly run: (parts: PeriodicParts<Work>) => Promise<unknown>;
}

/** What periodic work is done with. */
export interface PeriodicParts<Work> {
  readonly transaction: RunTransaction<Work>;
  readonly clock: Clock;
  readonly onSetAside: OnSetAside;
}

/** One GraphQL request, before the service adds its loaders and use cases. */
export interface ServiceRequest<Work> {
  readonly viewer: Viewer;
  readonly requestId: string;
  /** The instant at which grants must hold, the same for the whole request. */
  readonly receivedAt: Date;
  readonly clock: Clock;
  /** Takes what loaders and resolvers know of how long the answer holds; without it nobody keeps the answer. */
  readonly freshness: Freshness;
  readonly logger: Logger;
  /** For reads outside a transaction. */
  readonly manager: EntityManager;
  readonly transaction: RunTransaction<Work>;
  /** What operations sees and asks for of deliveries. */
  readonly bus: Pick<Bus, 'failed' | 'board' | 'command'>;
}

/** The topics that a service handles: a test holds them against `consumers` in `schema/events/topics.ts`. */
export function handledTopics(definition: { readonly handlers: object }): Topic[] {
  return Object.keys(definition.handlers) as Topic[];
}
