import { selectConnections, type Connection } from '@fulfillment/kernel/server/connection';
import { parsePage, type PageArguments } from '@fulfillment/kernel/server/pagination';
import { isOneOf } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { CustomerRelationship } from '../domain/customer-relationship.js';
import { relationshipColumns } from './columns.js';
import type { CustomerRelationshipRow } from './entities.js';
import { relationshipFromRow } from './rows.js';
import type { Sight } from './visibility.js';

/** The customers of partners as the viewer sees them. */
export function createCustomerReader(manager: EntityManager, sight: Sight) {
  return {
    /** One page of each partner's customers, the newest first, past ones too; partners without any are missing. */
    customersOf(
      partnerIds: readonly string[],
      page: PageArguments,
    ): Promise<Map<string, Connection<CustomerRelationship>>> {
      return selectConnections<CustomerRelationshipRow, CustomerRelationship>(manager, {
        select: sql`SELECT ${relationshipColumns}, r.partner_id::text AS parent FROM customer_relationship AS r
                    WHERE ${isOneOf('r.partner_id', partnerIds)} AND ${sight.relationship}`,
        parents: partnerIds,
        sort: { name: 'since', column: 'since', type: 'date', descending: true },
        page: parsePage(page, 'since'),
        fromRow: relationshipFromRow,
      });
    },
  };
}
