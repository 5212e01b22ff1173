import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { machineFolder } from './machine-folder.js';
import { runsAsRoot } from './server-user.js';
import { type RunningPostgres, startPostgres } from './start-postgres.js';

/** Fast, and worth nothing after a crash. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum_naptime: '1h',
};

/**
 * Starts an empty server for tests on a free port. Its data is removed when it stops, and also when this process is
 * killed.
 */
export async function startTemporaryPostgres(): Promise<RunningPostgres> {
  const folder = runsAsRoot()
    ? await machineFolder(`temporary-${randomUUID()}`)
    : await mkdtemp(path.join(tmpdir(), 'fulfillment-postgres-'));
  return startPostgres({ dataDirectory: path.join(folder, 'data'), port: 0, settings, removeAfter: folder });
}
