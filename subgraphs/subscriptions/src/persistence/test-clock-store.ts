import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { TestClockTargets } from '../service/ports.js';
import { testClockTargetEntity } from './entities.js';
import type { TestClockTargetRow } from './rows.js';
import { backInTurn, notSetAside } from './set-aside-rows.js';

/** Where test clocks are going, for use cases. */
export function createTestClockTargetStore(manager: EntityManager): TestClockTargets {
  return {
    async put({ accountId, target, settled }) {
      await manager.upsert(testClockTargetEntity, { account_id: accountId, target, settled }, ['account_id']);
      await query(manager, backInTurn('TEST_CLOCK', [accountId]));
    },
    async find(accountId) {
      const [row] = await query<TestClockTargetRow>(
        manager,
        sql`SELECT * FROM test_clock_target WHERE account_id = ${accountId}`,
      );
      return row === undefined ? null : { accountId, target: row.target, settled: row.settled };
    },
    async unsettled(after, limit) {
      const rows = await query<Pick<TestClockTargetRow, 'account_id'>>(
        manager,
        sql`SELECT account_id FROM test_clock_target
            WHERE NOT settled AND (${after}::uuid IS NULL OR account_id > ${after}::uuid)
              AND ${notSetAside('TEST_CLOCK', sql`account_id`)}
            ORDER BY account_id LIMIT ${limit}`,
      );
      return rows.map((row) => row.account_id);
    },
  };
}
