import { createHash } from 'node:crypto';
import { BREAK, Kind, print, visit, type DocumentNode, type GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { parseWithinLimits } from './limits.js';

/** What a text is, whoever sends it: worked out once. */
export interface OperationText {
  /** The text as it was first seen: whoever looks it up after that need not read all of it again. */
  readonly source: string;
  /** SHA-256 of the text, in hexadecimal. */
  readonly hash: string;
  /** SHA-256 of the document as graphql-js prints it: the same for every layout. */
  readonly normalizedHash: string;
  /** Why nobody may send it: it is too large, too deep, or no GraphQL. */
  readonly error?: GraphQLError;
  /** The name of its first operation. */
  readonly operationName?: string;
  /** Whether it asks for the schema: `__schema` or `__type`. */
  readonly asksSchema: boolean;
  /** False when it asks for nothing but the schema and `__typename`, which no service is needed for. */
  readonly asksServices: boolean;
}

/** Texts are remembered up to this many characters in all. */
const rememberedCharacters = 4_000_000;

/** Reads what a text asks for, once for each text that is remembered. */
export function createTextReader(): (text: string) => OperationText {
  const known = new LRUCache<string, OperationText>({ maxSize: rememberedCharacters });
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const facts = readText(text);
    known.set(text, facts, { size: text.length + 100 });
    return facts;
  };
}

function readText(text: string): OperationText {
  const hash = sha256(text);
  const { document, error } = parseWithinLimits(text);
  if (document === undefined) {
    return { source: text, hash, normalizedHash: hash, error, asksSchema: false, asksServices: false };
  }
  const name = nameOf(document);
  return {
    source: text,
    hash,
    normalizedHash: sha256(print(document)),
    asksSchema: asksSchema(document),
    asksServices: asksServices(document),
    ...(name === undefined ? {} : { operationName: name }),
  };
}

/** SHA-256 in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function nameOf({ definitions }: DocumentNode): string | undefined {
  return definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)?.name?.value;
}

const schemaFields = new Set(['__schema', '__type']);

function asksSchema(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field: ({ name }) => {
      if (!schemaFields.has(name.value)) return undefined;
      found = true;
      return BREAK;
    },
  });
  return found;
}

/** Fragments at the root are not looked into: what nobody can be sure of asks services. */
function asksServices({ definitions }: DocumentNode): boolean {
  return definitions.some(
    (node) =>
      node.kind === Kind.OPERATION_DEFINITION &&
      node.selectionSet.selections.some(
        (selection) =>
          selection.kind !== Kind.FIELD ||
          (selection.name.value !== '__typename' && !schemaFields.has(selection.name.value)),
      ),
  );
}
