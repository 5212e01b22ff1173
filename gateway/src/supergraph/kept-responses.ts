import type { CacheUse } from '../cache/cache-use.js';
import type { ResponseCache, ResponseKey } from '../cache/response-cache.js';
import type { GatewayContext } from '../context.js';
import type { FastResponse } from '../fast-path/fast-path.js';
import type { PlainRequest } from '../fast-path/plain-request.js';

/** What the log says of an answer that is sent again. */
export interface KeptResponse {
  readonly operationName: string | undefined;
  readonly operationType: string | undefined;
}

/** Answers a plain request; undefined when it needs the server. */
export type Answer = (asked: PlainRequest, context: GatewayContext) => Promise<FastResponse | undefined>;

const noHeaders: ReadonlyMap<string, string> = new Map();

/**
 * Sends what was kept of the same operation and variables for the same viewer, and keeps what is answered, unless it has errors
 * or parts of which nobody knows how long they hold. Who asks for notes about the request itself, or by GET, is answered anew.
 *
 * @param supergraph the id of the one in use
 */
export function answeringKept(
  answer: Answer,
  responses: ResponseCache<KeptResponse>,
  supergraph: () => string,
): Answer {
  return async (asked, context) => {
    const used = supergraph();
    const key = keyOf(asked, used);
    const kept = key && (await responses.find(key, context.cacheViewer));
    if (kept !== undefined) {
      Object.assign(context.record, { ...kept.about, hasData: true });
      return { status: 200, headers: noHeaders, body: kept.body };
    }
    const response = await answer(asked, context);
    // It is not known by which supergraph an answer was made when another one was taken meanwhile.
    if (key !== undefined && response?.status === 200 && supergraph() === used)
      keep(response, key, context, responses);
    return response;
  };
}

function keep(
  { body }: FastResponse,
  key: ResponseKey,
  { cacheUse, cacheViewer, record }: { cacheUse: CacheUse } & GatewayContext,
  responses: ResponseCache<KeptResponse>,
): void {
  if (record.codes.size > 0 || !record.hasData) return;
  const { operationName, operationType } = record;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  responses.store(key, cacheViewer, cacheUse, { body: bytes, about: { operationName, operationType } });
}

function keyOf(asked: PlainRequest, supergraph: string): ResponseKey | undefined {
  for (const _ in asked.extensions) return undefined;
  return asked.mayWrite ? new RequestKey(asked, supergraph) : undefined;
}

/** Written when it is looked at: where nothing is kept it never is. */
class RequestKey implements ResponseKey {
  constructor(
    private readonly asked: PlainRequest,
    private readonly supergraph: string,
  ) {}

  get operation(): string {
    const { operationName, source } = this.asked;
    return `${this.supergraph}\n${JSON.stringify(operationName)}\n${source}`;
  }

  get variables(): string {
    return JSON.stringify(this.asked.variables);
  }
}
