import type { DatabaseName } from '@fulfillment/local/databases';
import { seedPopulation } from '@fulfillment/local/seeding/seed-population';
import { describe, expect, it } from 'vitest';
import { cloneSystemDatabases } from '../../kit/system-databases.js';
import { type Told, withDatabases } from './check.js';
import { checks } from './index.js';

const urls = await cloneSystemDatabases();
const told: Told = { orders: new Map(), population: { accounts: 100, today: '2026-11-23' } };
await seedPopulation({
  ...told.population,
  urls,
  onProgress: () => undefined,
  signal: new AbortController().signal,
});

/** What a loss or a doubling would leave, and the check that must see it. */
const faults: readonly (readonly [check: string, database: DatabaseName, statement: string])[] = [
  [
    'every order that a client was told of is there once, and no other',
    'orders',
    `UPDATE outbox SET request_id = 'somebody' WHERE id = (SELECT id FROM outbox WHERE topic = 'orders.order' LIMIT 1)`,
  ],
  [
    'every order is FULFILLED, or REFUSED with a reason',
    'orders',
    `UPDATE orders SET status = 'REFUSED' WHERE id = (SELECT id FROM orders LIMIT 1)`,
  ],
  [
    'every fulfilled order that moves money has one document, of its total, and no other order has one',
    'orders',
    'UPDATE orders SET total_minor = total_minor + 1 WHERE id = (SELECT id FROM orders WHERE total_minor > 0 LIMIT 1)',
  ],
  [
    'numbers of invoices have no gap and no double',
    'subscriptions',
    `ALTER TABLE invoice DISABLE TRIGGER USER;
     UPDATE invoice SET sequence_number = sequence_number + 1000
     WHERE id = (SELECT id FROM invoice ORDER BY sequence_number DESC LIMIT 1)`,
  ],
  [
    'every invoice is booked once, with its amount',
    'subscriptions',
    `ALTER TABLE ledger_entry DISABLE TRIGGER USER;
     UPDATE ledger_entry SET cause_id = 'another'
     WHERE id = (SELECT id FROM ledger_entry WHERE kind = 'INVOICE_POSTED' LIMIT 1)`,
  ],
  [
    'every commission is booked once, with its amount',
    'subscriptions',
    `ALTER TABLE ledger_entry DISABLE TRIGGER USER;
     UPDATE ledger_entry SET cause_id = 'nobody''s'
     WHERE id = (SELECT id FROM ledger_entry WHERE kind = 'COMMISSION_EARNED' LIMIT 1)`,
  ],
  [
    'every entry of the ledger balances',
    'subscriptions',
    `ALTER TABLE ledger_posting DISABLE TRIGGER USER;
     UPDATE ledger_posting SET amount_minor = amount_minor + 1 WHERE (entry_id, ledger_account) =
       (SELECT entry_id, ledger_account FROM ledger_posting LIMIT 1)`,
  ],
  [
    'licenses has published all that it promised',
    'licenses',
    'UPDATE outbox SET published_at = NULL WHERE id = (SELECT id FROM outbox LIMIT 1)',
  ],
  [
    'partners holds no fact that came too early',
    'partners',
    `INSERT INTO inbox_held VALUES ('subscriptions.partner-invoice-posted', 'one', 2, '{}')`,
  ],
  [
    'every event was delivered',
    'bus',
    `SELECT graphile_worker.add_job('orders', '{}'::json, job_key => 'one:orders')`,
  ],
  [
    'what orders knows of others equals its sources',
    'orders',
    'DELETE FROM known_subscription WHERE id = (SELECT id FROM known_subscription LIMIT 1)',
  ],
  [
    'what subscriptions knows of others equals its sources',
    'subscriptions',
    `UPDATE account SET name = 'Somebody else' WHERE id = (SELECT id FROM account LIMIT 1)`,
  ],
  [
    'what licenses knows of others equals its sources',
    'licenses',
    'DELETE FROM viewer_grant WHERE id = (SELECT id FROM viewer_grant LIMIT 1)',
  ],
  [
    'what partners knows of others equals its sources',
    'partners',
    'DELETE FROM commission WHERE id = (SELECT id FROM commission LIMIT 1)',
  ],
];

async function isBroken(name: string): Promise<boolean> {
  const check = checks.find((one) => one.name === name);
  if (!check) throw new Error(`There is no check that ${name}`);
  const found = await withDatabases(urls, (databases) => check.violations(databases, told));
  return found.length > 0;
}

// The faults add up: each test sees one more than the one before.
describe('the checks', () => {
  it.each(checks.map(({ name }) => name))('find in what was just loaded that %s', async (name) => {
    expect(await isBroken(name)).toBe(false);
  });

  it.each(faults)('see that not %s', async (name, database, statement) => {
    await withDatabases(urls, (databases) => databases[database].query(statement));
    expect(await isBroken(name)).toBe(true);
  });
});
