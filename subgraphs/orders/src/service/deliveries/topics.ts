import {
  carriedOut,
  consumers,
  type ServiceName,
  type Topic,
  topics,
} from '@fulfillment/schema/events/topics';

/** The topic of this name, if the producer has it. */
export function topicOf(producer: ServiceName, name: string): Topic | null {
  return isTopic(name) && name.startsWith(`${producer}.`) ? name : null;
}

/** True when anybody (null), or this one, is told of the topic. */
export function isConsumed(topic: Topic, consumer: ServiceName | null): boolean {
  return consumer === null ? consumers[topic].length > 0 : consumers[topic].includes(consumer);
}

/** True when the service keeps a copy of the topic, which can be dropped and built again. */
export function isProjection(consumer: ServiceName, name: string): boolean {
  return isTopic(name) && isConsumed(name, consumer) && !carriedOut[name]?.includes(consumer);
}

function isTopic(name: string): name is Topic {
  return Object.hasOwn(topics, name);
}
