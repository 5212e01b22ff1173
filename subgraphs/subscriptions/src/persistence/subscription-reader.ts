import { type Agreement, endOf } from '@fulfillment/kernel/domain/agreement/agreement';
import { compareDates, type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import {
  selectConnection,
  selectConnections,
  selectWithConnection,
  type SortOrder,
} from '@fulfillment/kernel/server/connection';
import { type PageArguments, parsePage } from '@fulfillment/kernel/server/pagination';
import { isOneOf, query } from '@fulfillment/kernel/server/sql';
import { allOf, visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { empty, raw, type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { ShownSubscription } from '../domain/partner.js';
import type { RenewalFilter, RenewalSort } from '../domain/renewal-window.js';
import type { BillingSubscription, SubscriptionVersion } from '../domain/subscription.js';
import { fromAccountRow } from './account-mapping.js';
import { selectAccounts } from './account-reader.js';
import type { AccountRow, SubscriptionRow, SubscriptionVersionRow } from './rows.js';
import { fromSubscriptionRow, fromVersionRow } from './subscription-mapping.js';
import { partnerVisibleTo, subscriptionVisibility } from './visibility.js';

type JoinedRow = SubscriptionRow & SubscriptionVersionRow;

type ShownRow = JoinedRow & { partner_of_record: ShownSubscription['partnerOfRecord'] };

const newestFirst: SortOrder = {
  name: 'NEWEST',
  column: 'created_at',
  type: 'timestamptz',
  descending: true,
};

const renewalSorts = {
  TERM_END: { name: 'TERM_END', column: 'term_end', type: 'date' },
  TERM_END_DESC: { name: 'TERM_END_DESC', column: 'term_end', type: 'date', descending: true },
  QUANTITY_DESC: { name: 'QUANTITY_DESC', column: 'quantity', type: 'integer', descending: true },
} as const satisfies Record<RenewalSort, SortOrder>;

/**
 * Subscriptions as one viewer may see them (the port is `SubscriptionReader` in graphql/readers.ts).
 * @param now the instant at which grants must hold
 */
export function createSubscriptionReader(manager: EntityManager, viewer: Viewer, now: Date) {
  const visible = visibleTo(viewer, now, subscriptionVisibility);
  const partnerOfRecord = (rows: 'h' | 'page') => sql`
    (SELECT json_build_object('id', p.id, 'name', p.name, 'kind', p.kind, 'contactEmail', p.contact_email)
     FROM partner AS p
     WHERE p.id = ${raw(rows)}.partner_of_record_id AND ${partnerVisibleTo(viewer, now)}) AS partner_of_record`;
  const ofAccounts = (accountIds: readonly string[], page: PageArguments) => ({
    select: subscriptionsWhere(
      allOf([isOneOf('h.account_id', accountIds), visible]),
      sql`h.account_id::text AS parent`,
    ),
    parents: accountIds,
    details: partnerOfRecord('page'),
    sort: newestFirst,
    page: parsePage(page, newestFirst.name),
    fromRow: fromShownRow,
  });
  return {
    async byIds(ids: readonly string[]): Promise<ShownSubscription[]> {
      const rows = await query<ShownRow>(
        manager,
        subscriptionsWhere(allOf([isOneOf('h.subscription_id', ids), visible]), partnerOfRecord('h')),
      );
      return rows.map(fromShownRow);
    },
    ofAccounts: (accountIds: readonly string[], page: PageArguments) =>
      selectConnections(manager, ofAccounts(accountIds, page)),
    async accountWithSubscriptions(accountId: string, page: PageArguments) {
      const found = await selectWithConnection<AccountRow, ShownRow, ShownSubscription>(
        manager,
        selectAccounts(sql`to_json(a) AS owner`, [accountId], viewer, now),
        ofAccounts([accountId], page),
      );
      return found && { account: fromAccountRow(found.owner), subscriptions: found.connection };
    },
    dueForRenewal: (filter: RenewalFilter, sort: RenewalSort, page: PageArguments) =>
      selectConnection<ShownRow, ShownSubscription>(manager, {
        select: subscriptionsWhere(allOf([...renewalConditions(filter), visible]), sql`'' AS parent`),
        details: partnerOfRecord('page'),
        sort: renewalSorts[sort],
        page: parsePage(page, sort),
        fromRow: fromShownRow,
      }),
    async inForce(
      deploymentId: string,
      present: (accountId: string) => Promise<Date>,
    ): Promise<BillingSubscription | null> {
      const rows = await query<JoinedRow>(
        manager,
        subscriptionsWhere(allOf([sql`s.deployment_id = ${deploymentId}`, visible])),
      );
      const known = rows.map(fromSubscriptionRow).toSorted(byTermStart);
      for (const subscription of known) {
        const { head } = subscription;
        const day = localDateAt(await present(head.accountId), head.billingTimeZone);
        if (holdsOn(head.agreement, day)) return subscription;
      }
      return null;
    },
    async histories(ids: readonly string[]): Promise<Map<string, SubscriptionVersion[]>> {
      const rows = await query<SubscriptionVersionRow>(
        manager,
        sql`SELECT v.* FROM billing_subscription_version AS v
            JOIN billing_subscription_head AS h ON h.subscription_id = v.subscription_id
            JOIN billing_subscription AS s ON s.id = v.subscription_id
            WHERE ${isOneOf('v.subscription_id', ids)} AND ${visible}
            ORDER BY v.version DESC`,
      );
      const histories = new Map<string, SubscriptionVersion[]>();
      for (const row of rows) {
        const history = histories.get(row.subscription_id) ?? [];
        histories.set(row.subscription_id, [...history, fromVersionRow(row)]);
      }
      return histories;
    },
  };
}

/** The one that began last is the first. */
function byTermStart(left: BillingSubscription, right: BillingSubscription): number {
  return compareDates(right.head.agreement.term.startDate, left.head.agreement.term.startDate);
}

function holdsOn(agreement: Agreement, day: LocalDate): boolean {
  return compareDates(agreement.term.startDate, day) <= 0 && compareDates(day, endOf(agreement)) < 0;
}

function fromShownRow(row: ShownRow): ShownSubscription {
  return { ...fromSubscriptionRow(row), partnerOfRecord: row.partner_of_record };
}

/** @param more another column */
function subscriptionsWhere(condition: Sql, more?: Sql): Sql {
  return sql`
    SELECT s.*, h.*${more === undefined ? empty : sql`, ${more}`}
    FROM billing_subscription_head AS h
    JOIN billing_subscription AS s ON s.id = h.subscription_id
    WHERE ${condition}`;
}

function renewalConditions({ window, automatic, partnerId }: RenewalFilter): Sql[] {
  const conditions = [sql`h.canceled_on IS NULL`];
  if (window.endsFrom !== null) conditions.push(sql`h.term_end >= ${window.endsFrom}`);
  if (window.endsBefore !== null) conditions.push(sql`h.term_end < ${window.endsBefore}`);
  if (automatic !== null) conditions.push(sql`h.auto_renewal = ${automatic}`);
  if (partnerId !== null) conditions.push(sql`h.partner_of_record_id = ${partnerId}`);
  return conditions;
}
