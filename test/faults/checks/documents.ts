import { type Check, noRows } from './check.js';

/** Both sides are read whole: the services share no database. A credit memo brings money back, so it counts below zero. */
export const oneDocumentForEachOrder: Check = {
  name: 'every fulfilled order that moves money has one document, of its total, and no other order has one',
  async violations({ orders, subscriptions }) {
    const placed = await orders.query<{ id: string; number: string; expected: string }>(
      `SELECT id, number, CASE WHEN status = 'FULFILLED' AND total_minor <> 0 THEN total_minor::text ELSE '' END AS expected
       FROM orders`,
    );
    const billed = await subscriptions.query<{ order_id: string; totals: string[] }>(
      `SELECT order_id, array_agg(total_minor::text) AS totals
       FROM (SELECT order_id, total_minor FROM invoice
             UNION ALL SELECT order_id, -total_minor FROM credit_memo) AS document
       WHERE order_id IS NOT NULL GROUP BY order_id`,
    );
    const totals = new Map(billed.rows.map((row) => [row.order_id, row.totals]));
    return placed.rows.flatMap(({ id, number, expected }) => {
      // A change that comes to nothing in sum may still have a document, which shows its lines.
      const found = (totals.get(id) ?? []).filter((total) => total !== '0').join(' and ');
      if (found === expected) return [];
      return [`${number} should have been billed ${expected || 'nothing'} and was ${found || 'not'}`];
    });
  },
};

/** Counted from 1 in each legal entity, invoices and credit memos apart. */
export const documentNumbersAreGapless: readonly Check[] = (['invoice', 'credit_memo'] as const).map(
  (table) =>
    noRows(
      `numbers of ${table}s have no gap and no double`,
      'subscriptions',
      `SELECT format('%s: %s documents, %s numbers from %s to %s', legal_entity_code, count(*),
                   count(DISTINCT sequence_number), min(sequence_number), max(sequence_number)) AS violation
     FROM ${table} GROUP BY legal_entity_code
     HAVING count(*) <> count(DISTINCT sequence_number) OR min(sequence_number) <> 1
         OR max(sequence_number) <> count(*)`,
    ),
);
