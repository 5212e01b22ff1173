import {
  consumers,
  handedOn,
  serviceNames,
  type ServiceName,
  type Topic,
} from '@fulfillment/schema/events/topics';

/** A task of graphile-worker, and the queue in which its jobs go one after the other over all processes; null for none. */
export interface BusTask {
  readonly task: string;
  readonly queue: string | null;
}

/** What an event waits as for a consumer: what is handed on to somebody outside goes in a queue of its topic's own. */
export function deliveryTask(consumer: ServiceName, topic: Topic): BusTask {
  return handedOn.includes(topic)
    ? { task: handingOnTask(consumer), queue: queueOf(consumer, topic) }
    : { task: consumer, queue: null };
}

/** The tasks under which events wait for a consumer, each by itself. */
export function deliveryTasks(consumer: ServiceName): readonly string[] {
  return [consumer, handingOnTask(consumer)];
}

/** The task of what a consumer hands on. */
export function handingOnTask(consumer: ServiceName): string {
  return `${consumer}:handing-on`;
}

/** True for a consumer that hands anything on. */
export function handsOn(consumer: ServiceName): boolean {
  return handedOn.some((topic) => consumers[topic].includes(consumer));
}

/** The task of events that a consumer takes in together: each job has several. */
export function togetherTask(consumer: ServiceName): string {
  return `${consumer}:together`;
}

/** All tasks under which events wait for anybody, and all queues. */
export const allTasks: readonly string[] = serviceNames.flatMap((consumer) => [
  ...deliveryTasks(consumer),
  togetherTask(consumer),
]);
export const allQueues: readonly string[] = handedOn.flatMap((topic) =>
  consumers[topic].map((consumer) => queueOf(consumer, topic)),
);

/** The channel on which a consumer is told that something was put there for it. */
export function deliveriesChannel(consumer: string): string {
  return `fulfillment_deliveries_${consumer}`;
}

function queueOf(consumer: ServiceName, topic: Topic): string {
  return `${consumer}:${topic}`;
}

/** The task under which a service's commands wait, apart from its events. */
export function commandTask(service: ServiceName): string {
  return `${service}:command`;
}
