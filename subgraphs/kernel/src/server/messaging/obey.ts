import type { Command } from '@fulfillment/schema/events/commands';
import { type ServiceName, serviceNames, type Topic } from '@fulfillment/schema/events/topics';
import type { DataSource } from 'typeorm';
import { assertNever } from '../../domain/result.js';
import type { Bus } from '../bus/bus.js';
import type { Projections } from './projections.js';
import { beginRebuild, expectArrivals } from './rebuild.js';
import { redeliver, sendTopic } from './send-again.js';

/** Who obeys: a service with its database, the bus, and what it keeps of others' events. */
export interface Obeying {
  readonly name: ServiceName;
  readonly dataSource: DataSource;
  readonly bus: Bus;
  readonly projections: Projections;
}

/**
 * Does what operations asks of a service over the bus; the same command twice does no more than once.
 * @throws when the command cannot be carried out: the bus tries it again
 */
export async function obey(service: Obeying, command: Command): Promise<void> {
  const { dataSource, bus } = service;
  switch (command.kind) {
    case 'REDELIVER':
      return redeliver(dataSource, bus, command);
    case 'SEND_TOPIC':
      return sendTopic(dataSource, bus, command);
    case 'TOPIC_SENT':
      return expectArrivals(dataSource.manager, command);
    case 'REBUILD':
      return rebuild(service, command.id, command.topic as Topic);
    default:
      return assertNever(command);
  }
}

/**
 * A crash between the two steps has the command come again: then the projection stays as it is. One that comes after the
 * rebuild was done, or another one took its place, is too late.
 */
async function rebuild(
  { name, dataSource, bus, projections }: Obeying,
  id: string,
  topic: Topic,
): Promise<void> {
  if (!(await bus.board.isUnderWay(id))) return;
  const reset = projections[topic];
  if (!reset) throw new Error(`${name} has no projection of ${topic}`);
  await dataSource.transaction((manager) => beginRebuild(manager, { id, topic }, reset));
  await bus.command(producerOf(topic), { kind: 'SEND_TOPIC', rebuildId: id, topic, consumer: name });
}

/** The service that a topic is named after. */
function producerOf(topic: Topic): ServiceName {
  const producer = serviceNames.find((service) => topic.startsWith(`${service}.`));
  if (!producer) throw new Error(`No service produces ${topic}`);
  return producer;
}
