import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** This process's answerability for a server. */
export interface Guard {
  /** This process has stopped the server itself. */
  release(): Promise<void>;
}

/**
 * Makes this process answerable for the server on a data directory: an earlier owner's guardian leaves it alone from
 * now on.
 */
export async function takeOwnership(dataDirectory: string): Promise<string> {
  const owner = randomUUID();
  await writeFile(ownerFile(dataDirectory), owner);
  return owner;
}

/** Has a small process stand by that stops the server, and removes a folder if asked to, should this one be killed. */
export function guard(options: {
  readonly pid: number;
  readonly dataDirectory: string;
  readonly owner: string;
  readonly removeAfter: string | null;
}): Guard {
  const { pid, dataDirectory, owner, removeAfter } = options;
  const pidFile = path.join(dataDirectory, 'postmaster.pid');
  const order = JSON.stringify({ pid, pidFile, ownerFile: ownerFile(dataDirectory), owner, removeAfter });
  const file = fileURLToPath(new URL('./guardian.js', import.meta.url));
  const guardian = spawn(process.execPath, [file, order], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
    windowsHide: true,
    // NODE_OPTIONS, such as a loader, are meant for this process.
    env: {},
  });
  guardian.unref();
  guardian.channel?.unref();
  // Without a guardian the server still runs, and the next start finds and adopts it.
  guardian.on('error', () => undefined);
  return {
    release: async () => {
      if (guardian.connected) guardian.send('released');
      const current = await readFile(ownerFile(dataDirectory), 'utf8').catch(() => '');
      if (current === owner) await rm(ownerFile(dataDirectory), { force: true });
    },
  };
}

function ownerFile(dataDirectory: string): string {
  return `${dataDirectory}.owner`;
}
