import { type Check, noRows } from './check.js';

/** Both sides are read whole: the services share no database. */
export const oneDocumentForEachOrder: Check = {
  name: 'every fulfilled order that costs something has one document, of its total',
  async violations({ orders, subscriptions }) {
    const placed = await orders.query<{ id: string; number: string; total: string }>(
      `SELECT id, number, total_minor::text AS total FROM orders WHERE status = 'FULFILLED'`,
    );
    const billed = await subscriptions.query<{ order_id: string; totals: string[] }>(
      `SELECT order_id, array_agg(total_minor::text) AS totals FROM invoice WHERE order_id IS NOT NULL GROUP BY order_id`,
    );
    const totals = new Map(billed.rows.map((row) => [row.order_id, row.totals]));
    return placed.rows.flatMap(({ id, number, total }) => {
      const expected = total === '0' ? '' : total;
      const found = (totals.get(id) ?? []).join(' and ');
      return found === expected
        ? []
        : [`${number} of ${total} was billed ${found === '' ? 'nothing' : found}`];
    });
  },
};

/** Counted from 1 in each legal entity. */
export const invoiceNumbersAreGapless: Check = noRows(
  'invoice numbers have no gap and no double',
  'subscriptions',
  `SELECT format('%s: %s invoices, %s numbers from %s to %s', legal_entity_code, count(*),
                 count(DISTINCT sequence_number), min(sequence_number), max(sequence_number)) AS violation
   FROM invoice GROUP BY legal_entity_code
   HAVING count(*) <> count(DISTINCT sequence_number) OR min(sequence_number) <> 1
       OR max(sequence_number) <> count(*)`,
);
