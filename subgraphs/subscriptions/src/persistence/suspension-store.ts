import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { Suspensions } from '../service/ports.js';
import { amountDueOfInvoice } from './invoice-mapping.js';
import { notSetAside } from './set-aside-rows.js';

/** Which subscriptions dunning suspends and gives back, read from what is owed alone: so nothing asked for is ever forgotten. */
export function createSuspensionStore(manager: EntityManager): Suspensions {
  return {
    async unpaidToSuspend(accountId, today) {
      const rows = await query<{ id: string }>(
        manager,
        sql`SELECT DISTINCT l.subscription_id AS id
            FROM invoice AS i
            JOIN dunning_step AS d ON d.invoice_id = i.id AND d.step = 'SUSPENSION'
            JOIN invoice_line AS l ON l.invoice_id = i.id AND l.kind = 'CHARGE'
            JOIN billing_subscription_head AS h ON h.subscription_id = l.subscription_id
            WHERE i.invoice_owner_account_id = ${accountId} AND h.invoice_owner_account_id = ${accountId}
              AND ${amountDueOfInvoice} > 0
              AND h.canceled_on IS NULL AND h.agreement->>'suspendedOn' IS NULL AND NOT h.trial
              AND h.term_start <= ${today} AND h.term_end > ${today}
            ORDER BY id`,
      );
      return rows.map((row) => row.id);
    },
    async paidToResume(accountId, today) {
      const rows = await query<{ id: string }>(
        manager,
        sql`SELECT h.subscription_id AS id
            FROM billing_subscription_head AS h
            WHERE h.invoice_owner_account_id = ${accountId} AND h.cause = 'DUNNING'
              AND h.canceled_on IS NULL AND h.agreement->>'suspendedOn' <= ${today} AND h.term_end > ${today}
              AND NOT EXISTS (
                SELECT FROM invoice AS i
                JOIN dunning_step AS d ON d.invoice_id = i.id AND d.step = 'SUSPENSION'
                JOIN invoice_line AS l ON l.invoice_id = i.id AND l.kind = 'CHARGE'
                WHERE l.subscription_id = h.subscription_id
                  AND i.invoice_owner_account_id = h.invoice_owner_account_id AND ${amountDueOfInvoice} > 0)
            ORDER BY id`,
      );
      return rows.map((row) => row.id);
    },
    async accountsToLookAt(after, limit) {
      const rows = await query<{ id: string }>(
        manager,
        sql`SELECT a.id FROM account AS a
            WHERE NOT a.sandbox AND ${notSetAside('SUSPENSION', sql`a.id`)} AND (${after}::uuid IS NULL OR a.id > ${after}::uuid) AND (
              EXISTS (
                SELECT FROM invoice AS i JOIN dunning_step AS d ON d.invoice_id = i.id AND d.step = 'SUSPENSION'
                WHERE i.invoice_owner_account_id = a.id AND ${amountDueOfInvoice} > 0)
              OR EXISTS (
                SELECT FROM billing_subscription_head AS h
                WHERE h.invoice_owner_account_id = a.id AND h.cause = 'DUNNING' AND h.canceled_on IS NULL))
            ORDER BY a.id LIMIT ${limit}`,
      );
      return rows.map((row) => row.id);
    },
  };
}
