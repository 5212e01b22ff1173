import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql from 'sql-template-tag';
import type { Contact, DeliveryState, LicenseDelivery } from '../domain/delivery.js';
import type { ContactStore, DeliveryStore } from '../service/delivery-ports.js';
import {
  contactEntity,
  licenseDeliveryEntity,
  type ContactRow,
  type LicenseDeliveryRow,
} from './delivery-entities.js';
import { licenseVisible } from './visibility.js';

/** Sets the locks on who receives an account's licenses apart from other advisory locks. */
const contactsLock = 7_266;

/** Who receives the licenses of which account, within one transaction. */
export function createContactStore(manager: EntityManager): ContactStore {
  return {
    async hold(accountId) {
      await query(manager, sql`SELECT pg_advisory_xact_lock(${contactsLock}, hashtext(${accountId}))`);
    },
    async put({ id, accountId, name, email }, version) {
      await query(
        manager,
        sql`INSERT INTO contact AS existing (id, version, account_id, name, email)
            VALUES (${id}, ${version}, ${accountId}, ${name}, ${email})
            ON CONFLICT (id) DO UPDATE SET
              version = excluded.version, account_id = excluded.account_id, name = excluded.name, email = excluded.email
            WHERE existing.version < excluded.version`,
      );
    },
    async remove(contactId) {
      await manager.delete(contactEntity, { id: contactId });
    },
    async of(accountId) {
      const rows = await manager.find(contactEntity, {
        where: { accountId },
        order: { name: 'ASC', id: 'ASC' },
      });
      return rows.map(contactFromRow);
    },
    async putAddress({ contactId, accountId, addressId }, version) {
      await query(
        manager,
        sql`INSERT INTO known_address AS existing (contact_id, version, account_id, address_id)
            VALUES (${contactId}, ${version}, ${accountId}, ${addressId})
            ON CONFLICT (contact_id) DO UPDATE SET
              version = excluded.version, account_id = excluded.account_id, address_id = excluded.address_id
            WHERE existing.version < excluded.version`,
      );
    },
    async putPartner({ id, accountId, addressId }, version) {
      await query(
        manager,
        sql`INSERT INTO known_partner AS existing (id, version, account_id, address_id)
            VALUES (${id}, ${version}, ${accountId}, ${addressId})
            ON CONFLICT (id) DO UPDATE SET
              version = excluded.version, account_id = excluded.account_id, address_id = excluded.address_id
            WHERE existing.version < excluded.version`,
      );
    },
    payersAddresses: (accountId) => selectPayersAddresses(manager, accountId),
  };
}

/** Of whoever pays for any subscription that the account has or had here, or sells it. */
async function selectPayersAddresses(
  manager: EntityManager,
  accountId: string,
): Promise<ReadonlySet<string>> {
  const rows = await query<{ address_id: string }>(
    manager,
    sql`WITH sale AS (
          SELECT invoice_owner_account_id, partner_of_record_id, distributor_id
          FROM billing_subscription WHERE account_id = ${accountId}
        ), seller AS (
          SELECT p.account_id, p.address_id
          FROM known_partner AS p JOIN sale ON p.id IN (sale.partner_of_record_id, sale.distributor_id)
        ), payer AS (
          SELECT invoice_owner_account_id AS id FROM sale UNION SELECT account_id FROM seller
        )
        SELECT a.address_id FROM known_address AS a JOIN payer ON payer.id = a.account_id
        WHERE a.account_id <> ${accountId}
        UNION
        SELECT address_id FROM seller`,
  );
  return new Set(rows.map((row) => row.address_id));
}

/** How the sending of licenses stands, within one transaction. */
export function createDeliveryStore(manager: EntityManager): DeliveryStore {
  return {
    async add(delivery) {
      await manager
        .createQueryBuilder()
        .insert()
        .into(licenseDeliveryEntity)
        .values(deliveryToRow(delivery))
        .orIgnore()
        .execute();
    },
    async hold(licenseId) {
      const row = await manager.findOne(licenseDeliveryEntity, {
        where: { licenseId },
        lock: { mode: 'pessimistic_write' },
      });
      return row && deliveryFromRow(row);
    },
    async put({ licenseId, ...delivery }) {
      await manager.update(
        licenseDeliveryEntity,
        { licenseId },
        { ...delivery, sentTo: [...delivery.sentTo] },
      );
    },
    async pendingOf(accountId) {
      const rows = await manager.find(licenseDeliveryEntity, {
        select: { licenseId: true },
        where: { accountId, state: 'PENDING' },
        order: { licenseId: 'ASC' },
      });
      return rows.map(({ licenseId }) => licenseId);
    },
  };
}

/** How the sending of licenses stands, of licenses that the viewer may see. */
export async function selectDeliveries(
  manager: EntityManager,
  viewer: Viewer,
  now: Date,
  licenseIds: readonly string[],
): Promise<LicenseDelivery[]> {
  const rows = await query<LicenseDeliveryRow>(
    manager,
    sql`SELECT s.license_id AS "licenseId", s.account_id AS "accountId", s.state, s.attempts,
          s.last_error AS "lastError", s.sent_at AS "sentAt", s.sent_to AS "sentTo"
        FROM license_delivery AS s JOIN license AS l ON l.id = s.license_id
        WHERE l.id = ANY(${licenseIds}::uuid[]) AND ${licenseVisible(viewer, now)}`,
  );
  return rows.map(deliveryFromRow);
}

function contactFromRow({ id, accountId, name, email }: ContactRow): Contact {
  return { id, accountId, name, email };
}

function deliveryFromRow(row: LicenseDeliveryRow): LicenseDelivery {
  return { ...row, state: row.state as DeliveryState };
}

function deliveryToRow(delivery: LicenseDelivery): LicenseDeliveryRow {
  return { ...delivery, sentTo: [...delivery.sentTo] };
}
