import { pageHole, pageName } from './stand-ins/page.js';

/** A request to a gateway and what it must answer. */
export interface WorkloadRequest {
  /** The client's own token. */
  readonly token: string;
  /** What services expect of a gateway; sent along for those that do not authenticate. */
  readonly viewerToken?: string;
  /** JSON. */
  readonly body: string;
  /** The canonical answer. */
  readonly expected: string;
}

/** Requests that are sent in turn, over and over. A {@link pageHole} in one stands for a page. */
export interface Workload {
  readonly requests: readonly WorkloadRequest[];
  /** True where every request names a page of its own; else all name the same one. */
  readonly everyPageOnce: boolean;
}

/** One request that is ready to be sent. */
export interface ReadyRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The page that it asks for, where there are pages: its answer names no other. */
  readonly page: string | undefined;
  readonly expected: () => string;
  /** Bytes that the answer has at the least. */
  readonly fewestBytes: number;
}

/**
 * Gives the requests of a workload one after another.
 *
 * @param firstPage the number of the first page; no other run may use those that follow it
 */
export function requestsInTurn({ requests, everyPageOnce }: Workload, firstPage: number): () => ReadyRequest {
  const prepared = requests.map(({ token, viewerToken, body, expected }) => ({
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...(viewerToken === undefined ? {} : { 'x-viewer-token': viewerToken }),
    },
    parts: body.split(pageHole),
    expected,
    fewestBytes: Buffer.byteLength(expected),
  }));
  let turn = 0;
  return () => {
    const request = prepared[turn % prepared.length];
    if (request === undefined) throw new Error('There is nothing to ask');
    const { headers, parts, expected, fewestBytes } = request;
    const page = pageName(firstPage + (everyPageOnce ? turn : 0));
    turn += 1;
    return {
      headers,
      body: parts.join(page),
      page: parts.length > 1 ? page : undefined,
      expected: () => expected.replaceAll(pageHole, page),
      fewestBytes,
    };
  };
}
