import { type Check, noRows } from './check.js';

/** No order hangs, and none is refused without a word. */
export const ordersAreDecided: Check = noRows(
  'every order is FULFILLED, or REFUSED with a reason',
  'orders',
  `SELECT format('%s is %s, reason %s', number, status, coalesce(refusal_reason, 'none')) AS violation FROM orders
   WHERE NOT (status = 'FULFILLED' OR (status = 'REFUSED' AND refusal_reason IS NOT NULL))`,
);

/** A key is an order, however often it was sent. */
export const everyKeyIsOneOrder: Check = {
  name: 'every order that a client was told of is there once, and no other',
  async violations({ orders }, told) {
    const { rows } = await orders.query<{ id: string }>(
      'SELECT id FROM orders WHERE id NOT IN (SELECT aggregate_id::uuid FROM outbox WHERE request_id = $1 AND topic = $2)',
      ['seed', 'orders.order'],
    );
    const found = new Set(rows.map(({ id }) => id));
    const known = [...told.orders.values()];
    const twice = known.length - new Set(known).size;
    return [
      ...known.filter((id) => !found.has(id)).map((id) => `${id} was told and is not there`),
      ...(twice === 0 ? [] : [`${twice} keys share an order`]),
      ...[...found].filter((id) => !known.includes(id)).map((id) => `${id} is there and nobody asked for it`),
    ];
  },
};
