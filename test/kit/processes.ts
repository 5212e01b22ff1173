import { createProcessGroup, type ProcessGroup } from './process-group.js';
import { cloneSystemDatabases } from './system-databases.js';

/**
 * Prepares the whole system as real processes on databases of the calling test file; none runs until it is started. Call
 * `stopAll` in the test file's `afterAll`.
 */
export async function prepareProcesses(): Promise<ProcessGroup> {
  return createProcessGroup(await cloneSystemDatabases());
}
