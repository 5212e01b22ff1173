import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Drafts, HeldDraft } from '../service/draft-ports.js';
import { type DueTable, isDue, lockDueIds, lockedAs } from './due-rows.js';
import { fromDraftRow, type InvoiceDraftRow, toDraftRow } from './draft-rows.js';
import { insertRows } from './insert-rows.js';
import { backInTurn } from './set-aside-rows.js';

const dueDrafts: DueTable = {
  kind: 'DRAFT_INVOICE',
  name: sql`invoice_draft`,
  alias: sql`d`,
  id: sql`d.id`,
  accountId: sql`d.invoice_owner_account_id`,
  dueAt: sql`d.posts_at`,
  order: sql`d.drafted_at, d.id`,
};

/** Drafts and how long they are looked at, for use cases. */
export function createDraftStore(manager: EntityManager): Drafts {
  const held = async (condition: Sql, locked = sql`FOR UPDATE OF d`): Promise<HeldDraft[]> => {
    const rows = await query<InvoiceDraftRow>(
      manager,
      sql`SELECT d.* FROM invoice_draft AS d WHERE ${condition} ORDER BY ${dueDrafts.order} ${locked}`,
    );
    return rows.map((row) => ({ draft: fromDraftRow(row), discarded: row.discarded_by !== null }));
  };
  const remove = async (ids: readonly string[]) => {
    if (ids.length === 0) return;
    await query(
      manager,
      sql`WITH back AS (${backInTurn('DRAFT_INVOICE', ids)})
          DELETE FROM invoice_draft WHERE id = ANY(${ids}::uuid[])`,
    );
  };
  return {
    async put(drafts) {
      await remove(drafts.map(({ id }) => id));
      await insertRows(manager, 'invoice_draft', drafts.map(toDraftRow));
    },
    lock: async (id) => (await held(sql`d.id = ${id}`))[0] ?? null,
    lockOf: (subscriptionIds) => held(sql`d.subscription_id = ANY(${subscriptionIds}::uuid[])`),
    lockDue: (scope, before) => held(isDue(scope, before, dueDrafts), lockedAs(scope, dueDrafts)),
    lockDueIds: (before, limit) => lockDueIds(manager, dueDrafts, before, limit),
    async nextDueOf(accountId) {
      const [row] = await query<{ posts_at: Date | null }>(
        manager,
        sql`SELECT min(posts_at) AS posts_at FROM invoice_draft WHERE invoice_owner_account_id = ${accountId}`,
      );
      return row?.posts_at ?? null;
    },
    remove,
    async discard(id, person, at) {
      await query(
        manager,
        sql`WITH back AS (${backInTurn('DRAFT_INVOICE', [id])})
            UPDATE invoice_draft SET discarded_by = ${person}, posts_at = ${at} WHERE id = ${id}`,
      );
    },
    async reviewDays(accounts) {
      const rows = await query<{ id: string; days: number }>(
        manager,
        sql`SELECT DISTINCT ON (owner.id) owner.id, r.days
            FROM unnest(${accounts.map(({ id }) => id)}::text[],
                        ${accounts.map(({ legalEntityCode }) => legalEntityCode)}::text[]) AS owner (id, entity)
            JOIN invoice_review AS r
              ON (r.scope = 'ACCOUNT' AND r.scope_id = owner.id)
              OR (r.scope = 'LEGAL_ENTITY' AND r.scope_id = owner.entity)
            ORDER BY owner.id, r.scope`,
      );
      return new Map(rows.filter(({ days }) => days > 0).map(({ id, days }) => [id, days]));
    },
    async setReviewPeriod({ scope, days, setBy, setAt }) {
      await query(
        manager,
        sql`INSERT INTO invoice_review (scope, scope_id, days, set_by, set_at)
            VALUES (${scope.kind}, ${scope.id}, ${days}, ${setBy}, ${setAt})
            ON CONFLICT (scope, scope_id)
            DO UPDATE SET days = excluded.days, set_by = excluded.set_by, set_at = excluded.set_at`,
      );
    },
  };
}
