import { consumers, handedOn, type ServiceName, type Topic } from '@fulfillment/schema/events/topics';

/** A task of graphile-worker, and the queue in which its jobs go one after the other over all processes; null for none. */
export interface BusTask {
  readonly task: string;
  readonly queue: string | null;
}

/** What an event waits as for a consumer: what is handed on to somebody outside goes in a queue of its topic's own. */
export function deliveryTask(consumer: ServiceName, topic: Topic): BusTask {
  return handedOn.includes(topic)
    ? { task: handingOnTask(consumer), queue: `${consumer}:${topic}` }
    : { task: consumer, queue: null };
}

/** The tasks under which events wait for a consumer. */
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

/** The task under which a service's commands wait, apart from its events. */
export function commandTask(service: ServiceName): string {
  return `${service}:command`;
}
