import { setTimeout as sleep } from 'node:timers/promises';
import { changesChannel, type ChangeNotice } from '@fulfillment/schema/events/cache-tags';
import pg from 'pg';
import { z } from 'zod';

/** What is told of the connection, and what comes over it. */
export interface ChangeReceiver {
  /** Every change from now on will be told. */
  connected(): void;
  changed(notice: ChangeNotice): void;
  /** Changes may be missed until `connected` comes again. */
  lost(reason: unknown): void;
}

export interface ChangeListener {
  stop(): Promise<void>;
}

export interface ChangeListenerOptions {
  /** The bus's database, by a role that needs no right there but to connect. */
  readonly url: string;
  readonly receiver: ChangeReceiver;
  /** How often the connection is tried, and how long it may take to answer, in milliseconds. */
  readonly heartbeatMs?: number;
}

const retryMs = 250;

/** Listens for changes, over any loss of the connection until it is stopped. */
export function listenForChanges({
  url,
  receiver,
  heartbeatMs = 1_000,
}: ChangeListenerOptions): ChangeListener {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      await session(url, receiver, heartbeatMs, stopping.signal);
      await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** One connection from its beginning to its end, which is told to the receiver once. */
async function session(
  url: string,
  receiver: ChangeReceiver,
  heartbeatMs: number,
  stop: AbortSignal,
): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'gateway',
    connectionTimeoutMillis: 5_000,
    query_timeout: heartbeatMs,
    keepAlive: true,
  });
  const ended = new AbortController();
  client.on('error', (error) => ended.abort(error));
  client.on('end', () => ended.abort(new Error('The connection ended')));
  client.on('notification', ({ channel, payload = '' }) => {
    if (channel !== changesChannel || ended.signal.aborted) return;
    const notice = readNotice(payload);
    // What cannot be read may have been about anything.
    if (notice === undefined) ended.abort(new Error('A notice could not be read'));
    else receiver.changed(notice);
  });
  try {
    await client.connect();
    await client.query(`LISTEN ${changesChannel}`);
    receiver.connected();
    const over = AbortSignal.any([stop, ended.signal]);
    while (!over.aborted) {
      await sleep(heartbeatMs, undefined, { signal: over }).catch(() => undefined);
      if (!over.aborted) await client.query('SELECT');
    }
    receiver.lost(ended.signal.reason ?? 'stopped');
  } catch (error) {
    receiver.lost(error);
  } finally {
    ended.abort();
    await client.end().catch(() => undefined);
  }
}

const noticeSchema = z.object({ service: z.string(), id: z.string(), tags: z.array(z.string()) });

function readNotice(payload: string): ChangeNotice | undefined {
  try {
    return noticeSchema.parse(JSON.parse(payload)) as ChangeNotice;
  } catch {
    return undefined;
  }
}
