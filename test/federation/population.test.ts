import { consumers, serviceNames, type ServiceName, type Topic } from '@fulfillment/schema/events/topics';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { seedSystem } from '../kit/seeded-system.js';
import { cloneSystemDatabases } from '../kit/system-databases.js';

const urls = await cloneSystemDatabases();
await seedSystem(urls, 300);

const pools = Object.fromEntries(
  serviceNames.map((name) => [name, new pg.Pool({ connectionString: urls[name], max: 1 })]),
) as Record<ServiceName, pg.Pool>;
afterAll(() => Promise.all(Object.values(pools).map((pool) => pool.end())));

/** Rows as text, so that every service's types compare alike; dates and instants in one form. */
async function facts(service: ServiceName, statement: string): Promise<string[]> {
  const { rows } = await pools[service].query<{ fact: string }>(
    `SELECT row_to_json(fact)::text AS fact FROM (${statement}) AS fact ORDER BY 1`,
  );
  return rows.map((row) => row.fact);
}

type Source = readonly [service: ServiceName, statement: string];

describe('what two services both know agrees:', () => {
  it.each<[string, Source, Source]>([
    [
      'accounts',
      [
        'orders',
        'SELECT id, name, country_code, billing_time_zone, currency, legal_entity_code, payment_terms_days FROM account',
      ],
      [
        'subscriptions',
        'SELECT id, name, country_code, billing_time_zone, currency, legal_entity_code, payment_terms_days FROM account',
      ],
    ],
    [
      'partners',
      ['partners', 'SELECT id, name, kind, account_id, distributor_id FROM partner'],
      ['orders', 'SELECT id, name, kind, account_id, distributor_id FROM known_partner'],
    ],
    [
      'partners, as subscriptions shows them',
      ['partners', 'SELECT id, name, kind, contact_email, distributor_id FROM partner'],
      ['subscriptions', 'SELECT id, name, kind, contact_email, distributor_id FROM partner'],
    ],
    [
      'partners’ own accounts and their time zones',
      ['partners', 'SELECT account_id AS id, time_zone FROM partner'],
      [
        'orders',
        'SELECT a.id, a.billing_time_zone AS time_zone FROM account AS a JOIN known_partner AS p ON p.account_id = a.id',
      ],
    ],
    [
      'deployments',
      ['licenses', 'SELECT id, account_id, kind, external_id, name FROM deployment'],
      ['orders', 'SELECT id, account_id, kind, external_id, name FROM known_deployment'],
    ],
    [
      'deployments that are subscribed',
      [
        'licenses',
        `SELECT d.id, d.kind, d.external_id, d.name, s.id AS subscription_id
         FROM deployment AS d JOIN billing_subscription AS s ON s.deployment_id = d.id`,
      ],
      [
        'subscriptions',
        `SELECT deployment_id AS id, deployment_kind AS kind, deployment_external_id AS external_id,
                deployment_name AS name, id AS subscription_id FROM billing_subscription`,
      ],
    ],
    [
      'subscriptions, in orders',
      [
        'subscriptions',
        `SELECT h.subscription_id AS id, h.version, h.effective_on, h.account_id, h.invoice_owner_account_id,
                h.partner_of_record_id, h.distributor_id, s.deployment_id, h.billing_time_zone, h.agreement
         FROM billing_subscription_head AS h JOIN billing_subscription AS s ON s.id = h.subscription_id`,
      ],
      [
        'orders',
        `SELECT id, version, effective_on, account_id, invoice_owner_account_id, partner_of_record_id, distributor_id,
                deployment_id, billing_time_zone, agreement
         FROM known_subscription`,
      ],
    ],
    [
      'subscriptions, in licenses',
      [
        'subscriptions',
        `SELECT h.subscription_id AS id, h.version, h.account_id, h.trial, h.term_start AS starts_on,
                least(h.term_end, h.canceled_on) AS ends_on, h.plan_code, h.quantity
         FROM billing_subscription_head AS h`,
      ],
      [
        'licenses',
        `SELECT s.id, s.version, s.account_id, s.trial, s.starts_on, s.ends_on, plan.item ->> 'productCode' AS plan_code,
                (plan.item ->> 'quantity')::int AS quantity
         FROM billing_subscription AS s, jsonb_array_elements(s.items) AS plan (item)
         WHERE plan.item ->> 'productKind' = 'PLAN'`,
      ],
    ],
    [
      'licenses and versions',
      [
        'subscriptions',
        'SELECT subscription_id, version, plan_code, quantity AS seats, term_start FROM billing_subscription_version',
      ],
      [
        'licenses',
        `SELECT subscription_id, subscription_version AS version, plan_code, seats, starts_on AS term_start FROM license`,
      ],
    ],
    [
      'orders and the subscriptions that they created',
      [
        'orders',
        `SELECT o.id AS order_id, a.subscription_id, o.account_id, o.invoice_owner_account_id, o.partner_id,
                o.distributor_id, o.effective_date, o.placed_by
         FROM orders AS o JOIN order_action AS a ON a.order_id = o.id`,
      ],
      [
        'subscriptions',
        `SELECT order_id, subscription_id, account_id, invoice_owner_account_id, partner_of_record_id AS partner_id,
                distributor_id, effective_on AS effective_date, recorded_by AS placed_by
         FROM billing_subscription_version WHERE version = 1`,
      ],
    ],
    [
      'what was ordered and what was billed, line by line',
      [
        'orders',
        `SELECT order_id, subscription_id, product_code, quantity, unit_price::numeric AS unit_price, price_period,
                service_start, service_end, amount_minor FROM order_line`,
      ],
      [
        'subscriptions',
        `SELECT i.order_id, l.subscription_id, l.product_code, l.quantity, l.unit_price, l.price_period,
                l.service_start, l.service_end, l.amount_minor
         FROM invoice_line AS l JOIN invoice AS i ON i.id = l.invoice_id WHERE i.order_id IS NOT NULL`,
      ],
    ],
    [
      'the totals of orders and of their invoices',
      ['orders', 'SELECT id, total_minor FROM orders WHERE total_minor <> 0'],
      ['subscriptions', 'SELECT order_id AS id, total_minor FROM invoice WHERE order_id IS NOT NULL'],
    ],
    [
      'invoices for what partners sold and what they earned on them',
      [
        'subscriptions',
        `SELECT DISTINCT i.id, i.order_id, i.total_minor, h.partner_of_record_id AS partner_id
         FROM invoice AS i JOIN invoice_line AS l ON l.invoice_id = i.id
         JOIN billing_subscription_head AS h ON h.subscription_id = l.subscription_id
         WHERE h.partner_of_record_id IS NOT NULL`,
      ],
      [
        'partners',
        'SELECT invoice_id AS id, order_id, base_minor AS total_minor, partner_id FROM commission',
      ],
    ],
  ])('%s', async (_, [left, leftStatement], [right, rightStatement]) => {
    const known = await facts(left, leftStatement);
    expect(known.length).toBeGreaterThan(0);
    expect(await facts(right, rightStatement)).toEqual(known);
  });

  it.each(
    (Object.entries(consumers) as [Topic, readonly ServiceName[]][])
      .filter(([topic]) => topic.endsWith('.grant'))
      .flatMap(([topic, names]) => names.map((consumer) => [topic, consumer] as const)),
  )('grants: %s in %s', async (topic, consumer) => {
    const producer = topic.slice(0, topic.indexOf('.')) as ServiceName;
    const told = await facts(producer, `SELECT aggregate_id AS id FROM outbox WHERE topic = '${topic}'`);
    expect(told.length).toBeGreaterThan(0);
    const granted = (service: ServiceName) =>
      facts(
        service,
        'SELECT id, subject_kind, subject_id, object_kind, object_id, valid_from, valid_until FROM viewer_grant',
      );
    const own = new Set(
      (await granted(producer)).filter((grant) => told.some((id) => grant.startsWith(id.slice(0, -1)))),
    );
    const theirs = new Set(await granted(consumer));
    expect(own.size).toBe(told.length);
    for (const grant of own) expect(theirs).toContain(grant);
  });

  it('every event is where its consumers would have it after taking it in', async () => {
    for (const [topic, names] of Object.entries(consumers) as [Topic, readonly ServiceName[]][]) {
      const producer = topic.slice(0, topic.indexOf('.')) as ServiceName;
      const told = await facts(
        producer,
        `SELECT topic, aggregate_id, max(sequence) AS sequence FROM outbox WHERE topic = '${topic}' GROUP BY 1, 2`,
      );
      for (const consumer of names) {
        const taken = await facts(
          consumer,
          `SELECT topic, aggregate_id, sequence FROM inbox_position WHERE topic = '${topic}'`,
        );
        expect(taken, `${topic} in ${consumer}`).toEqual(told);
      }
    }
  });
});

describe('the books', () => {
  it('number invoices without a gap', async () => {
    const { rows } = await pools.subscriptions.query<{ gapless: boolean }>(
      `SELECT max(sequence_number) = count(*) AND min(sequence_number) = 1 AS gapless
       FROM invoice GROUP BY legal_entity_code`,
    );
    expect(rows.length).toBe(2);
    expect(rows.every(({ gapless }) => gapless)).toBe(true);
  });

  it('have paid, open and overdue invoices', async () => {
    const { rows } = await pools.subscriptions.query<{ paid: string; open: string; overdue: string }>(
      `SELECT count(*) FILTER (WHERE p.id IS NOT NULL) AS paid,
              count(*) FILTER (WHERE p.id IS NULL AND due_on >= current_date) AS open,
              count(*) FILTER (WHERE p.id IS NULL AND due_on < current_date) AS overdue
       FROM invoice AS i LEFT JOIN payment AS p ON p.invoice_id = i.id`,
    );
    for (const count of Object.values(rows[0] ?? {})) expect(Number(count)).toBeGreaterThan(0);
  });
});

describe('a seeding', () => {
  it('that is run again writes nothing', async () => {
    const counts = () =>
      Promise.all(
        serviceNames.map((name) =>
          facts(name, 'SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM inbox)'),
        ),
      );
    const before = await counts();
    await seedSystem(urls, 300);
    expect(await counts()).toEqual(before);
  });

  it('of another size is refused where there is one already', async () => {
    await expect(seedSystem(urls, 301)).rejects.toThrow(/another population/);
  });
});
