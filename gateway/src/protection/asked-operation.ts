import type { AskedOperation } from './screening.js';

/** The parameters of a GraphQL request as they came: of a POST its body, of a GET its query string, in which
 * `variables` and `extensions` are JSON texts. Nothing is known to be right about them. */
export type Params = Readonly<Record<string, unknown>>;

/**
 * Which operation a request means: by its text (`query`), as Apollo's clients send a hash
 * (`extensions.persistedQuery.sha256Hash`), or by `documentId: "sha256:<hash>"`.
 */
export function askedOperation(params: Params): AskedOperation {
  const { query } = params;
  const hash = persistedHash(extensionsOf(params)) ?? documentHash(params['documentId']);
  return {
    ...(typeof query === 'string' && query !== '' ? { query } : {}),
    ...(hash === undefined ? {} : { hash }),
  };
}

/** The parameters with the text that runs, as it is remembered, and without the hash that stood for it. */
export function withText(params: Params, text: string): Params {
  const extensions = extensionsOf(params);
  const isHashed = extensions?.['persistedQuery'] !== undefined || params['documentId'] !== undefined;
  if (!isHashed) return { ...params, query: text };
  const { documentId: _, ...rest } = params;
  if (extensions === undefined || !('persistedQuery' in extensions)) return { ...rest, query: text };
  const { persistedQuery: __, ...kept } = extensions;
  const asSent = typeof params['extensions'] === 'string' ? JSON.stringify(kept) : kept;
  return { ...rest, query: text, extensions: asSent };
}

function extensionsOf({ extensions }: Params): Params | undefined {
  const read: unknown = typeof extensions === 'string' ? parsed(extensions) : extensions;
  return isRecord(read) ? read : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the server tells of it
  }
}

function persistedHash(extensions: Params | undefined): string | undefined {
  const persisted = extensions?.['persistedQuery'];
  if (!isRecord(persisted)) return undefined;
  const { sha256Hash } = persisted;
  return typeof sha256Hash === 'string' ? sha256Hash : '';
}

function documentHash(documentId: unknown): string | undefined {
  return typeof documentId === 'string' ? documentId.replace(/^sha256:/, '') : undefined;
}

function isRecord(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
