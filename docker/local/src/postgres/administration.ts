import pg from 'pg';

/** Runs statements as the administrator on one connection of its own, which is closed whatever happens. */
export async function withConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A server that stops tells an idle client so; the next query reports it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A name as SQL writes it: statements about databases and roles take no parameters. */
export function identifier(name: string): string {
  return pg.escapeIdentifier(name);
}

/** A text as SQL writes it. */
export function literal(text: string): string {
  return pg.escapeLiteral(text);
}

/** The same server, with another database, and another role when one is given. */
export function urlOf(
  serverUrl: string,
  database: string,
  role?: { name: string; password: string },
): string {
  const url = new URL(serverUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  if (role !== undefined) {
    url.username = encodeURIComponent(role.name);
    url.password = encodeURIComponent(role.password);
  }
  return url.toString();
}
