import { setTimeout as sleep } from 'node:timers/promises';
import { withConnection } from '@fulfillment/local/postgres/administration';
import type { DatabaseServer } from '../load/database-server.js';
import type { Target } from './killer.js';
import type { ProcessKeeper } from './process-keeper.js';

const patienceMs = 60_000;

/** Each service, the gateway, the connections of the bus, and the database server under all of them. */
export function targetsOf(keepers: readonly ProcessKeeper[], server: DatabaseServer): Target[] {
  const processes = keepers.map((keeper) => ({
    name: keeper.name,
    kill: () => keeper.kill(),
    revive: () => keeper.revive(),
  }));
  return [...processes, busTarget(server), serverTarget(server)];
}

/** Whoever publishes or consumes at this moment loses the connection in the middle of it. */
function busTarget({ adminUrl }: DatabaseServer): Target {
  return {
    name: 'bus connections',
    kill: async () => {
      await withConnection(adminUrl, (client) =>
        client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'bus'"),
      );
    },
    revive: async () => undefined,
  };
}

function serverTarget(server: DatabaseServer): Target {
  return {
    name: 'PostgreSQL',
    kill: () => server.kill(),
    revive: () => untilAnswers(server.adminUrl),
  };
}

async function untilAnswers(adminUrl: string): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await withConnection(adminUrl, async (client) => void (await client.query('SELECT 1')));
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
