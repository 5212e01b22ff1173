import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isMissing } from '../missing.js';
import { commandLineOf, isRunning } from '../process-table.js';

/** How a server stands by its own word. */
export type PostmasterStatus = 'starting' | 'stopping' | 'ready';

/** What a server writes into `postmaster.pid` of its data directory. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly status: PostmasterStatus;
}

/** Reads the lines of `postmaster.pid`; undefined while they are not all there. */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const [pid, port, status] = [Number(lines[0]), Number(lines[3]), lines[7]];
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port)) return undefined;
  const known = status === 'stopping' || status === 'ready' ? status : 'starting';
  return { pid, port, status: known };
}

/** The file as it stands now; undefined when there is none. */
export async function readPostmasterFile(dataDirectory: string): Promise<PostmasterFile | undefined> {
  try {
    return parsePostmasterFile(await readFile(path.join(dataDirectory, 'postmaster.pid'), 'utf8'));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * The server that runs on this data directory now; undefined when none does. The file alone proves nothing: after a
 * crash it stays, and its process id may by now be another program's.
 */
export async function runningPostmaster(dataDirectory: string): Promise<PostmasterFile | undefined> {
  const file = await readPostmasterFile(dataDirectory);
  if (file === undefined || !(await isRunning(file.pid))) return undefined;
  // Where the platform does not tell a command line, the server's own refusal of a second one has to do.
  if (process.platform === 'win32') return file;
  const command = (await commandLineOf(file.pid)) ?? '';
  const names = [dataDirectory, await realpath(dataDirectory)];
  return names.some((name) => command.includes(` -D ${name} `)) ? file : undefined;
}
