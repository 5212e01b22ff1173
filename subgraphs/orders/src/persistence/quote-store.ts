import { query } from '@fulfillment/kernel/server/sql';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { EntityManager } from 'typeorm';
import type { QuoteStore } from '../service/quotes/ports.js';
import { quoteEntity, quoteEventEntity } from './quote-entities.js';
import { newestEventToRow, quoteFromRow, type QuoteRecord, quoteToRow } from './quote-rows.js';
import { quoteVisible } from './visibility.js';

export function createQuoteStore(manager: EntityManager): QuoteStore {
  return {
    async nextNumber() {
      const [row] = await query<{ number: string }>(manager, sql`SELECT nextval('quote_number') AS number`);
      if (!row) throw new Error('nextval gave no row');
      return BigInt(row.number);
    },

    async add(quote) {
      await manager.insert(quoteEntity, quoteToRow(quote));
    },

    async lock(viewer, at, id) {
      // Locked first: what is read after that no other transaction changes.
      await query(manager, sql`SELECT FROM quote WHERE id = ${id} FOR UPDATE`);
      const [row] = await query<QuoteRecord>(
        manager,
        sql`SELECT q.*, ${quoteDetails('q')} FROM quote AS q
            WHERE q.id = ${id} AND ${quoteVisible(viewer, at)}`,
      );
      return row ? quoteFromRow(row) : null;
    },

    async record(quote) {
      const event = newestEventToRow(quote);
      if (event === null) throw new Error(`No step was taken with quote ${quote.id}`);
      await manager.insert(quoteEventEntity, event);
      const { state, orderId } = quote;
      await manager.update(quoteEntity, { id: quote.id }, { state, orderId });
    },
  };
}

/**
 * The steps of a quote as a column, so that a quote is one row of one statement.
 * @param quote the alias of the row with the quote's id, from our own code
 */
export function quoteDetails(quote: 'q' | 'page'): Sql {
  return raw(`
    (SELECT coalesce(json_agg(json_build_object(
       'step', event.step, 'at', event.at, 'by', event.by, 'reason', event.reason) ORDER BY event.position), '[]')
     FROM quote_event AS event WHERE event.quote_id = ${quote}.id) AS events`);
}
