import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { OrderParties } from '../domain/order/order.js';
import type { ContactStore } from '../service/contacts/ports.js';
import { contactFromRow, type ContactRecord, contactToRow } from './contact-rows.js';
import { contactEntity } from './entities.js';
import { contactSettable } from './visibility.js';

/** Who is written to at accounts, within one transaction. */
export function createContactStore(manager: EntityManager): ContactStore {
  return {
    async lockSettable(viewer, at, accountId) {
      const rows = await query(
        manager,
        sql`SELECT FROM account AS a
            WHERE a.id = ${accountId} AND ${contactSettable(viewer, at)} FOR NO KEY UPDATE`,
      );
      return rows.length > 0;
    },

    async lock(accountId) {
      await query(manager, sql`SELECT FROM account AS a WHERE a.id = ${accountId} FOR NO KEY UPDATE`);
    },

    async facts(accountId, role, parties) {
      const rows = await query<ContactRecord>(
        manager,
        sql`SELECT c.* FROM contact AS c
            WHERE c.account_id = ${accountId} AND c.role = ${role} AND c.until IS NULL`,
      );
      const [present = null] = rows.map(contactFromRow);
      return { present, addressesOfPayers: await selectAddressesOfPayers(manager, accountId, parties) };
    },

    async save(contact, ended) {
      if (ended !== null) {
        const { id, version, until } = ended;
        await manager.update(contactEntity, { id, version }, { until });
      }
      await manager.insert(contactEntity, contactToRow(contact));
    },
  };
}

/** Of those who pay for what the account uses, or sell it, in its place: by what was agreed, was ordered and is being ordered. */
async function selectAddressesOfPayers(
  manager: EntityManager,
  accountId: string,
  parties: OrderParties | null,
): Promise<string[]> {
  const rows = await query<{ email: string }>(
    manager,
    sql`
      WITH sale AS (
        SELECT s.invoice_owner_account_id AS payer_id, s.partner_of_record_id AS partner_id, s.distributor_id
        FROM known_subscription AS s WHERE s.account_id = ${accountId}
        UNION
        SELECT o.invoice_owner_account_id, o.partner_id, o.distributor_id
        FROM orders AS o WHERE o.account_id = ${accountId}
        UNION
        SELECT ${parties?.invoiceOwnerAccountId ?? null}::uuid, ${parties?.partnerId ?? null}::uuid,
               ${parties?.distributorId ?? null}::uuid
      ), payer AS (
        SELECT payer_id AS id FROM sale
        UNION
        SELECT p.account_id FROM known_partner AS p JOIN sale ON p.id IN (sale.partner_id, sale.distributor_id)
      )
      SELECT DISTINCT c.email FROM contact AS c JOIN payer ON payer.id = c.account_id
      WHERE c.account_id <> ${accountId} AND c.until IS NULL`,
  );
  return rows.map(({ email }) => email);
}
