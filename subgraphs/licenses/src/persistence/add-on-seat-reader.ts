import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { selectConnections, type SortOrder } from '@fulfillment/kernel/server/connection';
import { parsePage, type PageArguments } from '@fulfillment/kernel/server/pagination';
import sql, { type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { AddOnSeat, AddOnSeatChange, AddOnSeatFilter } from '../service/add-on-seat-ports.js';
import type { AddOnSeatChangeRow, AddOnSeatRow } from './add-on-seat-entities.js';
import { deploymentOwn, heldThen } from './visibility.js';

const byUser: SortOrder = { name: 'USER', column: 'user_id', type: 'text' };
const newestFirst: SortOrder = { name: 'AT_DESC', column: 'at', type: 'timestamptz', descending: true };

type AddOnSeatQuery = AddOnSeatFilter & PageArguments;

/**
 * Seats of add-ons as one viewer may see them (the port is `AddOnSeatReader` in graphql/readers.ts).
 * @param now the instant at which grants must hold
 */
export function createAddOnSeatReader(manager: EntityManager, viewer: Viewer, now: Date) {
  const shown = (ids: readonly string[], productCode: string | null | undefined): Sql =>
    sql`s.deployment_id = ANY(${ids}::uuid[]) AND ${deploymentOwn(viewer, now)}
        AND (${productCode ?? null}::text IS NULL OR s.product_code = ${productCode ?? null}::text)`;
  return {
    seats: (ids: readonly string[], { productCode, ...page }: AddOnSeatQuery) =>
      selectConnections<AddOnSeatRow, AddOnSeat>(manager, {
        select: sql`
          SELECT s.id, s.deployment_id::text AS parent, s.product_code AS "productCode",
                 s.user_id COLLATE "C" AS user_id, s.user_id AS "userId", s.assigned_at AS "assignedAt", s.assigned_by AS "assignedBy"
          FROM add_on_seat AS s JOIN deployment AS d ON d.id = s.deployment_id
          WHERE ${shown(ids, productCode)}`,
        sort: byUser,
        page: parsePage(page, byUser.name),
        fromRow: ({ productCode: code, userId, assignedAt, assignedBy }) => {
          return { productCode: code, userId, assignedAt, assignedBy };
        },
      }),
    changes: (ids: readonly string[], { productCode, ...page }: AddOnSeatQuery) =>
      selectConnections<AddOnSeatChangeRow, AddOnSeatChange>(manager, {
        select: sql`
          SELECT s.id, s.deployment_id::text AS parent, s.product_code AS "productCode", s.user_id AS "userId",
                 s.kind, s.at, s.by
          FROM add_on_seat_change AS s JOIN deployment AS d ON d.id = s.deployment_id
          WHERE ${shown(ids, productCode)} AND ${heldThen(viewer, sql`s.at`)}`,
        sort: newestFirst,
        page: parsePage(page, newestFirst.name),
        fromRow: ({ productCode: code, userId, kind, at, by }) => {
          return { productCode: code, userId, kind: kind === 'ASSIGNED' ? 'ASSIGNED' : 'UNASSIGNED', at, by };
        },
      }),
  };
}
