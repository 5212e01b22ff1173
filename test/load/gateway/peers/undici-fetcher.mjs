import { Pool } from 'undici';

/** What @apollo/gateway needs of a `fetch`, by undici over kept connections. */
export function undiciFetcher(services) {
  const pools = new Map(
    Object.values(services).map((url) => [new URL(url).origin, new Pool(url, { connections: 128 })]),
  );
  return async (url, { method, headers, body, signal }) => {
    const { origin, pathname } = new URL(url);
    const answer = await pools.get(origin).request({ path: pathname, method, headers, body, signal });
    return {
      ok: answer.statusCode < 300,
      status: answer.statusCode,
      headers: { get: (name) => answer.headers[name.toLowerCase()] ?? null },
      text: () => answer.body.text(),
      json: () => answer.body.json(),
    };
  };
}
