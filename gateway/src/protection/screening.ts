import type { GraphQLError } from 'graphql';
import { gatewayError } from '../errors.js';
import { sha256, createTextReader, type OperationText } from './operation-text.js';
import type { Refusals, UnregisteredOperation } from './safelist/refusals.js';
import type { Safelist, SafelistMode } from './safelist/safelist.js';

/** What a client sent to say which operation it means. */
export interface AskedOperation {
  readonly query?: string;
  /** SHA-256 of a registered text, in hexadecimal. */
  readonly hash?: string;
}

/** Who sent it. */
export interface Asker {
  readonly audience: string;
  /** The subject of the token. */
  readonly client: string;
}

export interface ScreeningOptions {
  readonly safelist: Safelist;
  /** By audience; off where there is none. */
  readonly modes: Readonly<Record<string, SafelistMode>>;
  /** The audiences that may ask for their schema. */
  readonly introspection: ReadonlySet<string>;
  readonly refusals: Refusals;
  /** Called once for each unregistered operation of a client, at its first time. */
  readonly onFirstRefusal: (operation: UnregisteredOperation) => void;
}

/**
 * Decides which text runs, before it is validated: the registered one where there is one, whatever layout the client
 * sent; undefined where neither a text nor a hash was sent.
 *
 * Throws `PERSISTED_QUERY_NOT_FOUND` for a hash alone that is not registered, `BAD_REQUEST` for a hash that is not the
 * text's, `QUERY_TOO_LARGE`, `QUERY_TOO_DEEP` or `GRAPHQL_PARSE_FAILED`, `INTROSPECTION_DISABLED`, and
 * `OPERATION_NOT_REGISTERED` where the audience sends registered operations alone.
 */
export type Screen = (asked: AskedOperation, asker: Asker) => string | undefined;

/** Screens by one safelist, with a mode for each audience. */
export function createScreening(options: ScreeningOptions): Screen {
  const read = createTextReader();
  return ({ query, hash }, asker) => {
    const registered = options.safelist.get(asker.audience);
    if (hash !== undefined) {
      const known = registered?.get(hash.toLowerCase());
      if (query !== undefined && sha256(query) !== hash.toLowerCase()) throw mismatch();
      if (known !== undefined) return known;
      if (query === undefined)
        throw unknownHash(options, { ...asker, hash: hash.toLowerCase().slice(0, 64) });
    }
    if (query === undefined) return undefined;
    const text = read(query);
    if (text.error !== undefined) throw text.error;
    const own = registered?.get(text.hash) ?? registered?.get(text.normalizedHash);
    if (own !== undefined) return own;
    if (text.asksSchema && !options.introspection.has(asker.audience)) throw introspectionDisabled();
    if (text.asksServices) checkUnregistered(options, asker, text);
    return text.source;
  };
}

function checkUnregistered(options: ScreeningOptions, asker: Asker, text: OperationText): void {
  const mode = options.modes[asker.audience] ?? 'off';
  if (mode === 'off') return;
  const { hash, operationName } = text;
  note(options, {
    ...asker,
    hash,
    refused: mode === 'enforce',
    ...(operationName === undefined ? {} : { operationName }),
  });
  if (mode === 'log') return;
  throw gatewayError(
    'OPERATION_NOT_REGISTERED',
    `This token sends registered operations alone, and ${operationName ?? 'this operation'} (SHA-256 ${hash}) is none. ` +
      'Register it in schema/operations, or use a token of another audience.',
  );
}

function note({ refusals, onFirstRefusal }: ScreeningOptions, operation: UnregisteredOperation): void {
  if (refusals.note(operation)) onFirstRefusal(operation);
}

function unknownHash(options: ScreeningOptions, operation: Asker & { readonly hash: string }): GraphQLError {
  if ((options.modes[operation.audience] ?? 'off') !== 'off') note(options, { ...operation, refused: true });
  // Apollo's clients look for this message, and send the text then.
  return gatewayError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
}

function mismatch(): GraphQLError {
  return gatewayError('BAD_REQUEST', 'The hash in the request is not the SHA-256 of its query.');
}

function introspectionDisabled(): GraphQLError {
  return gatewayError(
    'INTROSPECTION_DISABLED',
    'This token may not ask for the schema (__schema, __type): the schema is in schema/audiences.',
  );
}
