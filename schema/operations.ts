import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import {
  Kind,
  parse,
  print,
  type DocumentNode,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import { AUDIENCES, type Audience } from './audience.js';
import { REPOSITORY } from './generated-file.js';

/** An operation that one of our own clients sends. */
export interface Operation {
  /** Its path below the repository's root. */
  readonly path: string;
  readonly audience: Audience;
  readonly operationName: string;
  readonly kind: OperationTypeNode;
  /** What a client sends: the text as graphql-js prints it, without comments. */
  readonly document: string;
  /** SHA-256 of `document` in hexadecimal. */
  readonly hash: string;
}

/** The operations of `schema/operations/<audience>/<Name>.graphql`, by audience and name. */
export async function readOperations(): Promise<Operation[]> {
  const folders = await Promise.all(AUDIENCES.map(readFolder));
  return folders.flat();
}

async function readFolder(audience: Audience): Promise<Operation[]> {
  const folder = `schema/operations/${audience}`;
  const names = (await readdir(`${REPOSITORY}${folder}`)).filter((name) => name.endsWith('.graphql'));
  return Promise.all(
    names.sort().map(async (name) => {
      const path = `${folder}/${name}`;
      return toOperation(path, audience, await readFile(`${REPOSITORY}${path}`, 'utf8'));
    }),
  );
}

/**
 * An operation from the text of its file, which holds exactly one, named `<Audience><FileName>`.
 *
 * @throws Error naming the file
 */
export function toOperation(path: string, audience: Audience, text: string): Operation {
  const operationName = expectedName(path, audience);
  const parsed = parse(text);
  const [operation, ...others] = operationsOf(parsed);
  if (operation?.name?.value !== operationName || others.length > 0) {
    throw new Error(`${path}: it must hold exactly one operation, ${operationName}`);
  }
  if (!text.startsWith('# '))
    throw new Error(`${path}: it must start with a comment that says what it is for`);
  const document = print(parsed);
  const hash = createHash('sha256').update(document).digest('hex');
  return { path, audience, operationName, kind: operation.operation, document, hash };
}

function expectedName(path: string, audience: Audience): string {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.graphql$/, '');
  return `${audience.charAt(0).toUpperCase()}${audience.slice(1)}${file}`;
}

function operationsOf(document: DocumentNode): OperationDefinitionNode[] {
  return document.definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
}

/** One entry of `schema/operations/safelist.json`, by the hash of its document. */
export interface SafelistEntry {
  readonly audience: Audience;
  readonly operationName: string;
  readonly document: string;
}

/** The operations by the SHA-256 of their document, as JSON text. */
export function printSafelist(operations: readonly Operation[]): string {
  const entries = operations.map(({ hash, audience, operationName, document }): [string, SafelistEntry] => [
    hash,
    { audience, operationName, document },
  ]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
