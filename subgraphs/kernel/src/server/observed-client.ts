import type { Trace } from '@fulfillment/telemetry/tracing';
import { CancellableClient } from './cancellable-client.js';
import type { RequestScope } from './request-scope.js';

/**
 * Told of a statement when it begins, by its text without its values and what it is run for.
 * @returns what is told of its end, with what it failed with if it did; undefined when nobody wants to know
 */
export type ObserveStatement = (
  text: string,
  trace: Trace | undefined,
) => ((failure?: unknown) => void) | undefined;

/** A connection of which each statement is told, from when it is handed over until its rows are there. */
export function observedClient(observe: ObserveStatement): typeof CancellableClient {
  return class ObservedClient extends CancellableClient {
    override ask(scope: RequestScope | undefined, text: string, values: unknown[] | undefined) {
      const end = observe(text, scope?.trace);
      const running = super.ask(scope, text, values);
      if (end !== undefined) void running.then(() => end(), end);
      return running;
    }
  };
}
