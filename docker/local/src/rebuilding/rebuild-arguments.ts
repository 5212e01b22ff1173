import { parseArgs } from 'node:util';
import { type ServiceName, serviceNames } from '@fulfillment/schema/events/topics';
import { UsageError } from '../usage.js';

export const rebuildUsage = `Has a service of the running system drop what it keeps of another one's facts, and build it again from what the
producer sends.

  npm run rebuild -- --consumer licenses --topic subscriptions.billing-subscription

  --consumer NAME   the service that keeps the copy: ${serviceNames.join(', ')}
  --topic NAME      what it is a copy of
  --restart         begin afresh although a rebuild of it is under way
  --help            this text

The services do it by themselves: Ctrl-C ends the watching alone, and the same command takes it up again.
`;

/** Which projection, and how. */
export interface RebuildArguments {
  readonly consumer: ServiceName;
  readonly topic: string;
  readonly restart: boolean;
}

/**
 * @returns undefined when help is asked for
 * @throws UsageError when something is missing or malformed
 */
export function parseRebuildArguments(args: readonly string[]): RebuildArguments | undefined {
  const { consumer: name, topic, restart = false, help } = parse(args);
  if (help) return undefined;
  const consumer = serviceNames.find((service) => service === name);
  if (consumer === undefined) {
    throw new UsageError(`--consumer takes one of ${serviceNames.join(', ')}.`, rebuildUsage);
  }
  if (topic === undefined) {
    throw new UsageError('Say with --topic what is to be built again.', rebuildUsage);
  }
  return { consumer, topic, restart };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        consumer: { type: 'string' },
        topic: { type: 'string' },
        restart: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, rebuildUsage);
  }
}
