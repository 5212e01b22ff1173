import type { DataSource, EntityManager } from 'typeorm';
import type { Clock, TestClocks } from '../domain/clock.js';
import { type LastWrites, writingTransaction } from './last-writes.js';
import { isRepeatable } from './prepared-statements.js';
import { lockTestClock, putTestClock, readTestClockChanges } from './test-clocks.js';

/** A table that was altered can have lost several plans, each of which is found out by an attempt. */
const mostAttempts = 5;

/** The clock of the machine, the same for every account. */
const systemClock: Clock = {
  now: async () => new Date(),
};

/** What one transaction tells the time by. */
export interface ClockedTransaction {
  readonly manager: EntityManager;
  /** Shows at once what this transaction sets or finds. */
  readonly clock: Clock;
  readonly testClocks: TestClocks;
  readonly lastWrites: LastWrites;
}

/**
 * The clock of a process: an account with a test clock lives at that clock's instant, every other account and the service
 * itself at the system's. It answers out of memory.
 */
export interface ServiceClock extends Clock {
  /** Takes over what other processes have set since the last time, in one statement. */
  refresh(): Promise<void>;
  /**
   * Runs work in a transaction; the clocks that it sets are the whole process's from its commit on. Work whose transaction
   * PostgreSQL ended for no fault of its own is run again from its beginning, at most five times in all.
   */
  transaction<T>(work: (scope: ClockedTransaction) => Promise<T>): Promise<T>;
}

/**
 * @param system what tells the time of everybody without a test clock
 * @returns a clock that knows of no test clock until its first `refresh`
 */
export function createServiceClock(dataSource: DataSource, system: Clock = systemClock): ServiceClock {
  const known = new TestClockInstants(system);
  let horizon = '0';
  return {
    now: (accountId) => known.now(accountId),

    async refresh() {
      const changes = await readTestClockChanges(dataSource.manager, horizon);
      for (const { accountId, now } of changes.clocks) known.advance(accountId, now);
      horizon = changes.horizon;
    },

    async transaction(work) {
      const run = async () => {
        const seenHere = new TestClockInstants(known);
        const answer = await writingTransaction(dataSource, (manager, lastWrites) =>
          work({ manager, clock: seenHere, testClocks: createTestClocks(manager, seenHere), lastWrites }),
        );
        seenHere.advanceInto(known);
        return answer;
      };
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await run();
        } catch (error) {
          if (attempt === mostAttempts || !isRepeatable(error)) throw error;
        }
      }
    },
  };
}

function createTestClocks(manager: EntityManager, seenHere: TestClockInstants): TestClocks {
  return {
    async find(accountId) {
      const found = await lockTestClock(manager, accountId);
      if (found !== null) seenHere.advance(accountId, found.now);
      return found;
    },
    async set(accountId, now, version) {
      const instant = await putTestClock(manager, accountId, { now, version });
      if (instant !== null) seenHere.advance(accountId, instant);
    },
  };
}

/** Instants of test clocks over another clock. Whoever learns of them first, in whatever order: none goes back. */
class TestClockInstants implements Clock {
  readonly #instants = new Map<string, number>();

  constructor(private readonly otherwise: Clock) {}

  async now(accountId: string | null): Promise<Date> {
    const instant = accountId === null ? undefined : this.#instants.get(accountId);
    return instant === undefined ? this.otherwise.now(accountId) : new Date(instant);
  }

  advance(accountId: string, now: Date): void {
    this.#instants.set(accountId, Math.max(now.getTime(), this.#instants.get(accountId) ?? -Infinity));
  }

  advanceInto(others: TestClockInstants): void {
    for (const [accountId, instant] of this.#instants) others.advance(accountId, new Date(instant));
  }
}
