import { CancellableClient } from './cancellable-client.js';

/**
 * Told of a statement when it begins, by its text without its values.
 * @returns what is told of its end, with what it failed with if it did; undefined when nobody wants to know
 */
export type ObserveStatement = (text: string) => ((failure?: unknown) => void) | undefined;

/** A connection of which each statement is told, from when it is handed over until its rows are there. */
export function observedClient(observe: ObserveStatement): typeof CancellableClient {
  return class ObservedClient extends CancellableClient {
    // The types of pg declare a dozen forms of `query`; all but one pass as they are.
    override query(...given: never[]): never {
      const [text, values, callback] = given as unknown[];
      const isPlain = typeof text === 'string' && typeof (callback ?? values) !== 'function';
      const end = isPlain ? observe(text) : undefined;
      const running: unknown = super.query(...(given as [never]));
      if (end !== undefined) void (running as Promise<unknown>).then(() => end(), end);
      return running as never;
    }
  };
}
