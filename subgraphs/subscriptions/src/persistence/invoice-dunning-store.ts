import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import type { EventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import { dunningSchedule } from '../domain/receivables/dunning.js';
import type { Dunning } from '../service/receivables-ports.js';
import { storedCurrency } from './account-mapping.js';
import { insertRows } from './insert-rows.js';
import { stored } from './invoice-line-mapping.js';
import { amountDueOfInvoice } from './invoice-mapping.js';
import type { DunningStepRow } from './ledger-rows.js';
import type { InvoiceRow } from './rows.js';
import { notSetAside } from './set-aside-rows.js';

export const dunningStepNames = dunningSchedule.map(({ step }) => step);

/** What is overdue and what was done about it, for use cases. */
export function createDunningStore(manager: EntityManager, events: EventAppender): Dunning {
  return {
    async overdueAccounts(dueBefore, after, limit) {
      const rows = await query<{ id: string }>(
        manager,
        sql`SELECT DISTINCT i.invoice_owner_account_id AS id FROM invoice AS i
            JOIN account AS owner ON owner.id = i.invoice_owner_account_id AND NOT owner.sandbox
            WHERE i.due_on < ${dueBefore} AND ${amountDueOfInvoice} > 0 AND ${notSetAside('DUNNING', sql`owner.id`)}
              AND (${after}::uuid IS NULL OR i.invoice_owner_account_id > ${after}::uuid)
            ORDER BY id LIMIT ${limit}`,
      );
      return rows.map(({ id }) => id);
    },
    async overdueInvoices(accountId, today) {
      const rows = await query<
        InvoiceRow & { due_minor: string; taken: readonly string[]; subscription_ids: readonly string[] }
      >(
        manager,
        sql`SELECT * FROM (
              SELECT i.*, ${amountDueOfInvoice} AS due_minor,
                     ARRAY(SELECT d.step FROM dunning_step AS d WHERE d.invoice_id = i.id) AS taken,
                     ARRAY(SELECT DISTINCT l.subscription_id FROM invoice_line AS l
                           WHERE l.invoice_id = i.id AND l.kind = 'CHARGE' ORDER BY 1) AS subscription_ids
              FROM invoice AS i
              WHERE i.invoice_owner_account_id = ${accountId} AND i.due_on < ${today}) AS invoice
            WHERE due_minor > 0 ORDER BY due_on, id`,
      );
      return rows.map((row) => ({
        id: row.id,
        number: row.number,
        accountId: row.invoice_owner_account_id,
        legalEntityCode: row.legal_entity_code,
        dueOn: localDate(row.due_on),
        amountDue: money(BigInt(row.due_minor), storedCurrency(row.currency)),
        taken: row.taken.map((step) => stored('dunning step', dunningStepNames, step)),
        subscriptionIds: row.subscription_ids,
      }));
    },
    async record(steps) {
      const rows = steps.map(({ invoiceId, step, takenOn, takenAt }): DunningStepRow => ({
        invoice_id: invoiceId,
        step,
        taken_on: takenOn,
        taken_at: takenAt,
      }));
      await insertRows(manager, 'dunning_step', rows);
    },
    reminderSent: (payload, at) =>
      events.append('subscriptions.reminder-sent', {
        aggregateId: payload.invoiceId,
        occurredAt: at,
        payload,
      }),
  };
}
