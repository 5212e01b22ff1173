import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { AUDIENCES, type Audience } from '@fulfillment/schema/audience';
import { Kind, parse, OperationTypeNode, type OperationDefinitionNode, type TypeNode } from 'graphql';

/** A variable of an operation, by its name and its type as written. */
export interface OperationVariable {
  readonly name: string;
  readonly type: TypeNode;
}

/** An operation that one of our own clients sends. */
export interface Operation {
  /** The file's name, which is the operation's without its audience: `Entitlements`. */
  readonly name: string;
  readonly kind: OperationTypeNode;
  /** The comment at the head of its file, on one line; empty when there is none. */
  readonly description: string;
  readonly text: string;
  readonly variables: readonly OperationVariable[];
}

export type OperationsByAudience = Readonly<Record<Audience, readonly Operation[]>>;

/** What each audience came for: the page shows it first. */
const shownFirst: Readonly<Record<Audience, string>> = {
  product: 'Entitlements',
  internal: 'AccountOverview',
  partner: 'MyCustomers',
};

/** Reads `operations/<audience>/*.graphql` of the schema package. */
export async function loadOperations(): Promise<OperationsByAudience> {
  const schemaPackage = dirname(createRequire(import.meta.url).resolve('@fulfillment/schema/package.json'));
  const lists = await Promise.all(
    AUDIENCES.map(async (audience) => [
      audience,
      await readFolder(join(schemaPackage, 'operations', audience), shownFirst[audience]),
    ]),
  );
  return Object.fromEntries(lists) as OperationsByAudience;
}

/** One of them first, then by name, what only reads before what writes. */
async function readFolder(folder: string, first: string): Promise<Operation[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.graphql'));
  const operations = await Promise.all(
    files.map(async (file) =>
      readOperation(basename(file, '.graphql'), await readFile(join(folder, file), 'utf8')),
    ),
  );
  const rank = ({ name, kind }: Operation) => (name === first ? 0 : kind === OperationTypeNode.QUERY ? 1 : 2);
  return operations.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'));
}

/** @throws when the text holds no operation or is no GraphQL */
export function readOperation(name: string, text: string): Operation {
  const definition = parse(text).definitions.find(
    (candidate): candidate is OperationDefinitionNode => candidate.kind === Kind.OPERATION_DEFINITION,
  );
  if (definition === undefined) throw new Error(`operations: ${name}.graphql holds no operation`);
  const variables = (definition.variableDefinitions ?? []).map(({ variable, type }) => ({
    name: variable.name.value,
    type,
  }));
  return { name, kind: definition.operation, description: headComment(text), text, variables };
}

function headComment(text: string): string {
  const [head = ''] = /^(?:#.*(?:\r?\n|$))*/.exec(text) ?? [];
  return head
    .split('\n')
    .map((line) => line.replace(/^#/, '').trim())
    .filter((line) => line !== '')
    .join(' ');
}
