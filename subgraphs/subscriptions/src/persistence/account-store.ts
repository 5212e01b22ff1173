import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Accounts } from '../service/ports.js';
import { fromAccountRow, toAccountRow } from './account-mapping.js';
import { accountEntity } from './entities.js';
import type { AccountRow } from './rows.js';

/** Any constant: it sets the locks on arriving accounts apart from other advisory locks. */
const arrivalLock = 4_002;

/** The projection of accounts, for use cases. */
export function createAccountStore(manager: EntityManager): Accounts {
  return {
    async put(account) {
      await manager.upsert(accountEntity, toAccountRow(account), ['id']);
    },
    async find(ids) {
      const rows = await query<AccountRow>(
        manager,
        sql`SELECT a.* FROM account AS a WHERE ${isOneOf('a.id', ids)}`,
      );
      return new Map(rows.map((row) => [row.id, fromAccountRow(row)]));
    },
    async lockArrival(ids) {
      // One after the other in one order, whoever asks: two transactions never wait for each other.
      for (const id of ids.toSorted()) {
        await query(manager, sql`SELECT pg_advisory_xact_lock(${arrivalLock}, hashtext(${id}))`);
      }
    },
  };
}
