import { Pool } from 'undici';

/** Sends GraphQL requests over so many connections, for little processor time: it shares the machine with what is measured. */
export interface LoadClient {
  send<Data>(token: string, document: string, variables: object): Promise<{ readonly data: Data | null }>;
  close(): Promise<void>;
}

export function connectLoadClient(url: string, connections: number): LoadClient {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections });
  return {
    async send<Data>(token: string, query: string, variables: object) {
      const { body } = await pool.request({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      });
      return (await body.json()) as { readonly data: Data | null };
    },
    close: () => pool.close(),
  };
}
