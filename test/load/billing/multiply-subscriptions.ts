import type pg from 'pg';

interface Copied {
  readonly table: string;
  /** The column that names the subscription. */
  readonly id: string;
  /** A column that no two subscriptions share, and how a copy's is made. */
  readonly fresh?: { readonly column: string; readonly value: string };
}

/** A subscription with its history, and how far it is billed. */
const copied: readonly Copied[] = [
  {
    table: 'billing_subscription',
    id: 'id',
    fresh: { column: 'number', value: `number || '-' || copy` },
  },
  { table: 'billing_subscription_version', id: 'subscription_id' },
  { table: 'billing_subscription_head', id: 'subscription_id' },
  { table: 'billing_schedule', id: 'subscription_id' },
];

/**
 * Makes of the subscriptions that fall due until an instant as many as are wanted: each is copied under ids of its own, with
 * all that it agreed.
 * @returns how many fall due now
 */
export async function multiplySubscriptions(client: pg.Client, wanted: number, until: Date): Promise<number> {
  await client.query(
    'CREATE TEMPORARY TABLE source AS SELECT subscription_id AS id FROM billing_schedule WHERE due_at <= $1',
    [until],
  );
  const { rows } = await client.query<{ count: number }>('SELECT count(*)::integer AS count FROM source');
  const there = rows[0]?.count ?? 0;
  if (there === 0) throw new Error('No subscription falls due: there is nothing to multiply');
  await client.query(
    `CREATE TEMPORARY TABLE copies AS
     SELECT id AS source, copy, gen_random_uuid() AS id
     FROM generate_series(1, $1::integer) AS copy, source ORDER BY copy LIMIT $2`,
    [Math.ceil(wanted / there), Math.max(0, wanted - there)],
  );
  await client.query('ANALYZE copies');
  await client.query('BEGIN');
  for (const one of copied) await copyRowsOf(client, one);
  await client.query('COMMIT');
  await client.query('ANALYZE');
  return Math.max(wanted, there);
}

async function copyRowsOf(client: pg.Client, { table, id, fresh }: Copied): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  );
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => {
    if (name === id) return 'copies.id';
    return name === fresh?.column ? fresh.value : `original.${name}`;
  });
  await client.query(
    `INSERT INTO ${table} (${names.join(', ')})
     SELECT ${values.join(', ')} FROM copies JOIN ${table} AS original ON original.${id} = copies.source`,
  );
}
