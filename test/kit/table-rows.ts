import pg from 'pg';

/** What a service keeps of how events and requests came, and not of what they said. */
const receipts = [
  'inbox',
  'inbox_held',
  'projection_rebuild',
  'rebuild_arrival',
  'idempotency_key',
  'migrations',
];

/** Every row of every table of a service's database as text, by table; without what tells how events came. */
export async function allRows(url: string): Promise<Record<string, string[]>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1) ORDER BY 1`,
      [receipts],
    );
    const contents: Record<string, string[]> = {};
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(
        `SELECT content::text AS text FROM "${name}" AS content ORDER BY content::text COLLATE "C"`,
      );
      contents[name] = rows.map((row) => row.text);
    }
    return contents;
  } finally {
    await client.end();
  }
}
