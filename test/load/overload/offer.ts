import { Pool } from 'undici';
import { atPace } from '../pace.js';

/** How requests ended. */
export interface Tally {
  /** Answered with all that was asked for. */
  readonly succeeded: number;
  /** Refused with 503 and `Retry-After`. */
  readonly shed: number;
  /** Anything else: an error, another status, no answer in time. */
  readonly failed: number;
  /** Successes a second. */
  readonly rate: number;
}

type Ending = 'succeeded' | 'shed' | 'failed';

/** No client waits longer. */
const patienceMs = 10_000;

/** Many clients of a gateway that ask for the same, each as another viewer. */
export function createClients(url: string, tokens: readonly string[], body: string) {
  const pool = new Pool(url, { connections: 1_000, headersTimeout: patienceMs, bodyTimeout: patienceMs });

  const ask = async (index: number): Promise<Ending> => {
    try {
      const response = await pool.request({
        method: 'POST',
        path: '/graphql',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokens[index % tokens.length]}`,
        },
        body,
      });
      const answer = await response.body.text();
      if (response.statusCode === 503 && response.headers['retry-after'] !== undefined) return 'shed';
      return response.statusCode === 200 && !answer.includes('"errors"') ? 'succeeded' : 'failed';
    } catch {
      return 'failed';
    }
  };

  return {
    close: () => pool.destroy(),

    /** So many at a time, each asking again as soon as it has its answer. */
    async inTurn(clients: number, seconds: number): Promise<Tally> {
      const count = counter();
      const end = performance.now() + 1000 * seconds;
      const work = async (client: number) => {
        while (performance.now() < end) count.add(await ask(client));
      };
      await Promise.all(Array.from({ length: clients }, (_, client) => work(client)));
      return count.tally(seconds);
    },

    /** So many a second, whatever becomes of those before. */
    async atRate(perSecond: number, seconds: number): Promise<Tally> {
      const count = counter();
      const startedAt = performance.now();
      await atPace(perSecond, seconds, async (index) => count.add(await ask(index)));
      return count.tally((performance.now() - startedAt) / 1000);
    },
  };
}

function counter() {
  const counts: Record<Ending, number> = { succeeded: 0, shed: 0, failed: 0 };
  return {
    add(ending: Ending) {
      counts[ending] += 1;
    },
    tally: (seconds: number): Tally => ({ ...counts, rate: counts.succeeded / seconds }),
  };
}
