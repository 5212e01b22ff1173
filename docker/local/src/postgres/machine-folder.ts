import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runsAsRoot } from './server-user.js';

/** Survives a restart of the machine, and every user may pass through it, unlike a home folder. */
const base = process.platform === 'win32' ? tmpdir() : '/var/tmp';

/**
 * A folder of this user outside every home, made on demand: what lies below it can be read by `nobody` as well when its
 * own mode allows. Anybody may write to the folder above, so one that somebody else made is refused.
 * @throws Error when the folder belongs to another user or others may write to it.
 */
export async function machineFolder(...parts: readonly string[]): Promise<string> {
  const own = path.join(base, `fulfillment-postgres-${process.getuid?.() ?? 'user'}`);
  await mkdir(own, { mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const status = await lstat(own);
  if (!status.isDirectory() || (process.getuid !== undefined && status.uid !== process.getuid())) {
    throw new Error(`${own} belongs to somebody else. Remove it, then start again.`);
  }
  await makeFolder(own);
  let folder = own;
  for (const part of parts) {
    folder = path.join(folder, part);
    await makeFolder(folder);
  }
  return folder;
}

/** Whatever the umask is: others pass through, and only the owner writes. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (process.platform !== 'win32') await chmod(folder, 0o711);
}

/**
 * Where the server's data for a checkout lies. An ordinary user keeps it in the data folder itself. Root runs the server
 * as `nobody`, who may not pass through a 0700 home: the data lies outside, in a folder named by the hash of the data
 * folder's path. Returns an absolute path; its parent exists.
 */
export async function dataDirectoryFor(dataFolder: string): Promise<string> {
  if (!runsAsRoot()) return path.join(dataFolder, 'postgres');
  const hash = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  return path.join(await machineFolder('data', hash), 'postgres');
}
