import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Drafts, HeldDraft } from '../service/draft-ports.js';
import { fromDraftRow, type InvoiceDraftRow, toDraftRow } from './draft-rows.js';
import { insertRows } from './insert-rows.js';

/** Drafts and how long they are looked at, for use cases. */
export function createDraftStore(manager: EntityManager): Drafts {
  const held = async (condition: Sql, how = sql``): Promise<HeldDraft[]> => {
    const rows = await query<InvoiceDraftRow>(
      manager,
      sql`SELECT d.* FROM invoice_draft AS d WHERE ${condition}
          ORDER BY d.drafted_at, d.id FOR UPDATE OF d ${how}`,
    );
    return rows.map((row) => ({ draft: fromDraftRow(row), discarded: row.discarded_by !== null }));
  };
  const remove = async (ids: readonly string[]) => {
    if (ids.length > 0) await query(manager, sql`DELETE FROM invoice_draft WHERE id = ANY(${ids}::uuid[])`);
  };
  return {
    async put(drafts) {
      await remove(drafts.map(({ id }) => id));
      await insertRows(manager, 'invoice_draft', drafts.map(toDraftRow));
    },
    lock: async (id) => (await held(sql`d.id = ${id}`))[0] ?? null,
    lockOf: (subscriptionIds) => held(sql`d.subscription_id = ANY(${subscriptionIds}::uuid[])`),
    lockDue: (before, limit) =>
      held(
        sql`d.posts_at <= ${before} AND NOT EXISTS (
              SELECT FROM account AS a WHERE a.id = d.invoice_owner_account_id AND a.sandbox)`,
        sql`SKIP LOCKED LIMIT ${limit}`,
      ),
    lockDueOf: (accountId, before) =>
      held(sql`d.posts_at <= ${before} AND d.invoice_owner_account_id = ${accountId}`),
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
        sql`UPDATE invoice_draft SET discarded_by = ${person}, posts_at = ${at} WHERE id = ${id}`,
      );
    },
    async postpone(id, until) {
      await query(manager, sql`UPDATE invoice_draft SET posts_at = ${until} WHERE id = ${id}`);
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
