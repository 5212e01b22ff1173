import { deploymentId, type DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { ServiceName } from '@fulfillment/schema/events/topics';
import pg from 'pg';

/** A deployment that may be asked for. */
export interface Target {
  readonly accountId: string;
  readonly kind: DeploymentKind;
  readonly externalId: string;
  /** Which copy it is; 0 for an original, which alone has a license. */
  readonly copy: number;
}

interface CopiedTable {
  readonly name: string;
  /** The column that says whose row it is; of a copy all ids that were copied are the copy's. */
  readonly by: string;
  /** A column of its own that no two rows share. */
  readonly id?: string;
  /** Text that no two rows share. */
  readonly names?: readonly string[];
  /** Which rows, where not all; `original` is the row. */
  readonly only?: string;
}

const grants: readonly CopiedTable[] = [
  { name: 'viewer_grant', by: 'subject_id', id: 'id' },
  {
    name: 'viewer_grant',
    by: 'object_id',
    id: 'id',
    only: 'NOT EXISTS (SELECT FROM copies WHERE old = original.subject_id)',
  },
];

/** What the product's operation reads of a deployment, its account and its subscription, in the order of foreign keys. */
const tables: Readonly<Record<ServiceName, readonly CopiedTable[]>> = {
  licenses: [
    { name: 'deployment', by: 'id', names: ['external_id'] },
    { name: 'billing_subscription', by: 'id' },
    { name: 'seat_usage', by: 'deployment_id' },
    { name: 'feature_usage', by: 'deployment_id' },
    { name: 'allowance_reading', by: 'deployment_id' },
    ...grants,
  ],
  subscriptions: [
    { name: 'account', by: 'id' },
    { name: 'billing_subscription', by: 'id', names: ['number', 'deployment_external_id'] },
    { name: 'billing_subscription_version', by: 'subscription_id' },
    { name: 'billing_subscription_head', by: 'subscription_id' },
    ...grants,
  ],
  orders: [
    { name: 'account', by: 'id' },
    { name: 'known_deployment', by: 'id', names: ['external_id'] },
    { name: 'known_subscription', by: 'id' },
    ...grants,
  ],
  partners: grants,
};

/** The id of a row and of its copies, the first copy first. */
type Copies = readonly { readonly old: string; readonly copy: number; readonly id: string }[];

/**
 * Makes of the deployments that are there as many as are wanted: each account is copied with its deployments, subscriptions and
 * use under ids of its own, in all four databases, so that every copy is as good as an original.
 * @returns every deployment that may be asked for
 */
export async function multiplyDeployments(
  urls: Readonly<Record<ServiceName, string>>,
  wanted: number,
): Promise<Target[]> {
  const { deployments, subscriptions } = await originals(urls.licenses);
  if (deployments.length === 0) throw new Error('There is no deployment to multiply');
  const copies = Array.from(
    { length: Math.ceil(Math.max(0, wanted - deployments.length) / deployments.length) },
    (_, index) => index + 1,
  );
  const accounts = [...new Set(deployments.map(({ accountId }) => accountId))];
  const copied: Copies = copies.flatMap((copy) => [
    ...[...accounts, ...subscriptions].map((old) => ({ old, copy, id: copyOf(old, copy) })),
    ...deployments.map(({ id: old, kind, externalId }) => {
      return { old, copy, id: deploymentId(kind, `${externalId}-copy-${copy}`) };
    }),
  ]);
  await Promise.all(
    (Object.keys(tables) as ServiceName[]).map((name) => copyRows(urls[name], tables[name], copied)),
  );
  return deployments.flatMap(({ accountId, kind, externalId }) => [
    { accountId, kind, externalId, copy: 0 },
    ...copies.map((copy) => ({
      accountId: copyOf(accountId, copy),
      kind,
      externalId: `${externalId}-copy-${copy}`,
      copy,
    })),
  ]);
}

/** An id that is the old one in all but its first digits. */
function copyOf(id: string, copy: number): string {
  const first = (Number.parseInt(id.slice(0, 8), 16) + copy * 65_521) % 2 ** 32;
  return first.toString(16).padStart(8, '0') + id.slice(8);
}

async function originals(url: string) {
  return withClient(url, async (client) => {
    const found = await client.query<Omit<Target, 'copy'> & { id: string }>(
      'SELECT id, account_id AS "accountId", kind, external_id AS "externalId" FROM deployment',
    );
    const known = await client.query<{ id: string }>('SELECT id FROM billing_subscription');
    return { deployments: found.rows, subscriptions: known.rows.map(({ id }) => id) };
  });
}

async function copyRows(url: string, all: readonly CopiedTable[], copied: Copies): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('CREATE TEMPORARY TABLE copies (old uuid, copy integer, id uuid)');
    for (let start = 0; start < copied.length; start += 50_000) {
      const part = copied.slice(start, start + 50_000);
      await client.query('INSERT INTO copies SELECT * FROM unnest($1::uuid[], $2::integer[], $3::uuid[])', [
        part.map(({ old }) => old),
        part.map(({ copy }) => copy),
        part.map(({ id }) => id),
      ]);
    }
    await client.query('CREATE UNIQUE INDEX ON copies (old, copy)');
    await client.query('ANALYZE copies');
    for (const table of all) await copyTable(client, table);
    // Those alone: of a table that is still empty nothing should be learned.
    await client.query(`VACUUM (ANALYZE) ${[...new Set(all.map(({ name }) => name))].join(', ')}`);
  });
}

async function copyTable(
  client: pg.Client,
  { name, by, id, names = [], only = 'TRUE' }: CopiedTable,
): Promise<void> {
  const { rows } = await client.query<{ column: string; type: string }>(
    `SELECT attname AS column, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [name],
  );
  const values = rows.map(({ column, type }) => {
    if (column === id) return 'gen_random_uuid()';
    if (column === by) return 'own.id';
    if (names.includes(column)) return `original."${column}" || '-copy-' || own.copy`;
    if (type !== 'uuid') return `original."${column}"`;
    return `coalesce((SELECT id FROM copies AS other WHERE other.old = original."${column}" AND other.copy = own.copy), original."${column}")`;
  });
  await client.query(
    `INSERT INTO "${name}" (${rows.map(({ column }) => `"${column}"`).join(', ')})
     SELECT ${values.join(', ')} FROM "${name}" AS original JOIN copies AS own ON own.old = original."${by}"
     WHERE ${only}
     ON CONFLICT DO NOTHING`,
  );
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
