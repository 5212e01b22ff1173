import { query } from '@fulfillment/kernel/server/sql';
import type { EntityManager } from 'typeorm';
import sql, { raw } from 'sql-template-tag';
import type { SubscriptionStore } from '../service/ports.js';
import { subscriptionToRow } from './mapping.js';

/** The columns of `billing_subscription AS s` under the names of `SubscriptionRowOrJson`. */
export const subscriptionColumns = raw(
  's.id, s.version, s.account_id AS "accountId", s.deployment_id AS "deploymentId", s.cause, s.trial, ' +
    's.starts_on AS "startsOn", s.ends_on AS "endsOn", s.holds_from AS "holdsFrom", s.held_since AS "heldSince", ' +
    's.suspended_on AS "suspendedOn", s.suspended_from AS "suspendedFrom", s.items, s.bought_once AS "boughtOnce", ' +
    's.recorded_at AS "recordedAt"',
);

export function createSubscriptionStore(manager: EntityManager): SubscriptionStore {
  return {
    async knownVersion(subscriptionId) {
      const [row] = await query<{ version: number }>(
        manager,
        sql`SELECT version FROM billing_subscription WHERE id = ${subscriptionId}`,
      );
      return row?.version ?? null;
    },

    async put(subscription, parties) {
      const row = subscriptionToRow(subscription, parties);
      await query(
        manager,
        sql`INSERT INTO billing_subscription AS existing (id, version, account_id, deployment_id, cause, trial,
                                                          starts_on, ends_on, holds_from, held_since, suspended_on,
                                                          suspended_from, items, bought_once, recorded_at,
                                                          invoice_owner_account_id, partner_of_record_id, distributor_id)
            VALUES (${row.id}, ${row.version}, ${row.accountId}, ${row.deploymentId}, ${row.cause}, ${row.trial},
                    ${row.startsOn}, ${row.endsOn}, ${row.holdsFrom}, ${row.heldSince}, ${row.suspendedOn},
                    ${row.suspendedFrom}, ${JSON.stringify(row.items)}, ${JSON.stringify(row.boughtOnce)}, ${row.recordedAt},
                    ${row.invoiceOwnerAccountId}, ${row.partnerOfRecordId}, ${row.distributorId})
            ON CONFLICT (id) DO UPDATE SET
              version = excluded.version, account_id = excluded.account_id, deployment_id = excluded.deployment_id,
              cause = excluded.cause, trial = excluded.trial, starts_on = excluded.starts_on,
              ends_on = excluded.ends_on, holds_from = excluded.holds_from, held_since = excluded.held_since,
              suspended_on = excluded.suspended_on, suspended_from = excluded.suspended_from, items = excluded.items,
              bought_once = excluded.bought_once, recorded_at = excluded.recorded_at,
              invoice_owner_account_id = excluded.invoice_owner_account_id,
              partner_of_record_id = excluded.partner_of_record_id, distributor_id = excluded.distributor_id
            WHERE existing.version < excluded.version`,
      );
    },
  };
}
