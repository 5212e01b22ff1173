import { fileURLToPath } from 'node:url';
import { startChild, typescriptArguments, type Child } from '../processes/child.js';

/** Starts the load generator, in a process of its own: it is sent a `LoadOrder` and answers with a `LoadOutcome`. */
export function startLoad(): Child {
  return startChild({
    name: 'the load generator',
    entry: fileURLToPath(new URL('main.ts', import.meta.url)),
    nodeArguments: typescriptArguments,
  });
}
