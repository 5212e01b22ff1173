import { selectConnection, type Connection } from '@fulfillment/kernel/server/connection';
import { parsePage, type PageArguments } from '@fulfillment/kernel/server/pagination';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import { allOf } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { PartnerKind, VisiblePartner } from '../domain/partner.js';
import { agreementsColumn } from './columns.js';
import type { PartnerAgreementRow, PartnerRow } from './entities.js';
import { agreementFromRow } from './rows.js';
import type { Sight } from './visibility.js';

type VisiblePartnerRow = Pick<
  PartnerRow,
  'id' | 'name' | 'kind' | 'contactEmail' | 'distributorId' | 'timeZone'
> & { accountId: string | null; agreements: PartnerAgreementRow[] | null };

/** Partners as the viewer sees them, by several ways that lead to them; each way is one statement for any number. */
export function createPartnerReader(manager: EntityManager, sight: Sight) {
  const select = (more: Sql, from: Sql, where: Sql, order: Sql = sql``) => sql`
    SELECT ${more} p.id, p.name, p.kind, p.contact_email AS "contactEmail", p.distributor_id AS "distributorId",
           p.time_zone AS "timeZone",
           CASE WHEN sight.agreement THEN p.account_id END AS "accountId",
           CASE WHEN sight.agreement THEN ${agreementsColumn} END AS agreements
    FROM ${from} CROSS JOIN LATERAL (SELECT ${sight.partnerAgreement} AS agreement) AS sight
    WHERE ${allOf([sight.partner, where])} ${order}`;

  return {
    /** In no order; those that the viewer does not see are missing. */
    async partnersById(ids: readonly string[]): Promise<VisiblePartner[]> {
      const rows = await query<VisiblePartnerRow>(
        manager,
        select(sql``, sql`partner AS p`, isOneOf('p.id', ids)),
      );
      return rows.map(fromRow);
    },

    /** All partners by name. */
    partnerPage(
      filter: { kind: PartnerKind | null },
      page: PageArguments,
    ): Promise<Connection<VisiblePartner>> {
      const ofKind = filter.kind === null ? sql`TRUE` : sql`p.kind = ${filter.kind}`;
      return selectConnection<VisiblePartnerRow, VisiblePartner>(manager, {
        select: select(sql`'' AS parent,`, sql`partner AS p`, ofKind),
        sort: { name: 'name', column: 'name', type: 'text' },
        page: parsePage(page, 'name'),
        fromRow,
      });
    },

    /** The resellers of distributors, each list by name. */
    async resellersOf(distributorIds: readonly string[]): Promise<Map<string, VisiblePartner[]>> {
      const rows = await query<VisiblePartnerRow & { parent: string }>(
        manager,
        select(
          sql`p.distributor_id AS parent,`,
          sql`partner AS p`,
          isOneOf('p.distributor_id', distributorIds),
          sql`ORDER BY p.name, p.id`,
        ),
      );
      return byParent(rows);
    },

    /** The partners that sell to accounts, each at its account's own instant; each list by name. */
    async sellersTo(
      accounts: readonly { readonly accountId: string; readonly at: Date }[],
    ): Promise<Map<string, VisiblePartner[]>> {
      const ids = accounts.map(({ accountId }) => accountId);
      const instants = accounts.map(({ at }) => at.toISOString());
      const today = sql`(asked.at AT TIME ZONE p.time_zone)::date`;
      const rows = await query<VisiblePartnerRow & { parent: string }>(
        manager,
        select(
          sql`r.account_id AS parent,`,
          sql`unnest(${ids}::uuid[], ${instants}::timestamptz[]) AS asked (account_id, at)
              JOIN customer_relationship AS r ON r.account_id = asked.account_id
              JOIN partner AS p ON p.id = r.partner_id`,
          sql`${sight.relationship} AND r.since <= ${today} AND (r.until IS NULL OR r.until > ${today})`,
          sql`ORDER BY p.name, p.id`,
        ),
      );
      return byParent(rows);
    },
  };
}

function byParent(rows: readonly (VisiblePartnerRow & { parent: string })[]): Map<string, VisiblePartner[]> {
  const lists = new Map<string, VisiblePartner[]>();
  for (const row of rows) {
    const list = lists.get(row.parent);
    if (list) list.push(fromRow(row));
    else lists.set(row.parent, [fromRow(row)]);
  }
  return lists;
}

function fromRow(row: VisiblePartnerRow): VisiblePartner {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    contactEmail: row.contactEmail,
    distributorId: row.distributorId,
    timeZone: row.timeZone,
    accountId: row.accountId,
    agreements: (row.agreements ?? []).map(agreementFromRow),
  };
}
