import { setImmediate as giveWay } from 'node:timers/promises';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { consumers, type ServiceName, type Topic } from '@fulfillment/schema/events/topics';
import { consumerRows, newest, producerRows } from '@fulfillment/kernel/population/messaging-rows';
import type { ServiceSeeder, TableRows } from '@fulfillment/kernel/population/seeder';
import type { StoryBatch } from '@fulfillment/kernel/population/story';

/** A service with what turns stories into its rows. */
export interface SeededService {
  readonly name: ServiceName;
  readonly seeder: ServiceSeeder;
}

/** What a batch comes to in one service. `rows` works out the projections too: call it once, when they are written. */
export interface ServiceBatch {
  readonly name: ServiceName;
  readonly rows: () => TableRows[];
}

/** What a service owns of a batch. */
interface Owned extends SeededService {
  readonly rows: readonly TableRows[];
  readonly events: readonly EventEnvelope[];
}

/**
 * Tells a batch to each service after those whose events it makes its own rows from. Between two services it gives way,
 * so that the batch before goes on being written meanwhile.
 */
export async function tellBatch(
  batch: StoryBatch,
  services: readonly SeededService[],
): Promise<ServiceBatch[]> {
  const told: EventEnvelope[] = [];
  const owned: Owned[] = [];
  for (const service of services) {
    const { rows, events } = service.seeder.own(batch, told);
    told.push(...events);
    owned.push({ ...service, rows, events });
    await giveWay();
  }
  return owned.map(({ name, seeder, rows, events }) => {
    const answer = seeder.answer?.(told) ?? { rows: [], events: [] };
    told.push(...answer.events);
    const produced = producerRows([...events, ...answer.events]);
    return {
      name,
      rows: () => mergedByTable([...rows, ...answer.rows, ...produced, ...projectedRows(name, seeder, told)]),
    };
  });
}

function projectedRows(
  name: ServiceName,
  seeder: ServiceSeeder,
  told: readonly EventEnvelope[],
): TableRows[] {
  const consumed = told.filter((event) => consumers[event.topic as Topic].includes(name));
  return [...seeder.project(inEffect(consumed)), ...consumerRows(consumed)];
}

/** What taking all the events in comes to: the newest snapshot of each aggregate, and every fact. */
function inEffect(events: readonly EventEnvelope[]): EventEnvelope[] {
  const facts = events.filter((event) => event.kind === 'FACT');
  return [...newest(events.filter((event) => event.kind === 'SNAPSHOT')), ...facts];
}

/** One write a table, in the order of first mention. */
function mergedByTable(tables: readonly TableRows[]): TableRows[] {
  const byTable = new Map<string, TableRows>();
  for (const rows of tables) {
    const known = byTable.get(rows.table);
    byTable.set(rows.table, known ? { ...known, rows: [...known.rows, ...rows.rows] } : rows);
  }
  return [...byTable.values()];
}
