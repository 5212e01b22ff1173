import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

/** Which cores the gateway that is measured has for itself, and which all the rest shares; null where it cannot be said. */
export interface CoreSplit {
  readonly gateway: string;
  readonly rest: string;
}

const run = promisify(execFile);

/**
 * Gives the gateway a core of its own and puts this process, with all that it starts, on the others. On a machine with one
 * core, or without `taskset`, everything runs everywhere: null.
 */
export async function splitCores(): Promise<CoreSplit | null> {
  const cores = await allowedCores();
  const [rest, gateway] = [cores.slice(0, -1), cores.at(-1)];
  if (rest.length === 0 || gateway === undefined) return null;
  const split = { gateway: String(gateway), rest: rest.join(',') };
  try {
    await run('taskset', ['-a', '-cp', split.rest, String(process.pid)]);
    return split;
  } catch {
    return null;
  }
}

/** The cores that this process may run on, for example [0, 1]. */
async function allowedCores(): Promise<number[]> {
  try {
    const { stdout } = await run('taskset', ['-cp', String(process.pid)]);
    return readCoreList(stdout.slice(stdout.lastIndexOf(':') + 1).trim());
  } catch {
    return Array.from({ length: availableParallelism() }, (_, core) => core);
  }
}

/** Reads the notation of Linux, for example `0-2,5`. */
export function readCoreList(text: string): number[] {
  return text.split(',').flatMap((range) => {
    const [first = '', last = first] = range.split('-');
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, step) => Number(first) + step);
  });
}
