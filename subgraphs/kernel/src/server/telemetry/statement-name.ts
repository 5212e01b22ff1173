/** What a statement is called in traces and metrics: its verb and its table, and nothing of what it carries. */
export interface StatementName {
  /** For example `SELECT invoice`, or `COMMIT`. */
  readonly summary: string;
  readonly verb: string;
  /** The first table of the service that it names; undefined when it names none. */
  readonly table?: string;
}

const verbs = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'WITH',
  'COMMIT',
  'ROLLBACK',
  'START',
  'SAVEPOINT',
]);

/** Texts whose names are remembered; a list of another length is another text. */
const remembered = 1_000;

/**
 * Names statements by what a service's tables are called. There are as many names as verbs and tables, whatever a
 * statement is made of.
 * @param tables the names of the service's tables
 */
export function createStatementNames(tables: ReadonlySet<string>): (text: string) => StatementName {
  const known = new Map<string, StatementName>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const name = nameOf(text, tables);
    if (known.size >= remembered) known.clear();
    known.set(text, name);
    return name;
  };
}

function nameOf(text: string, tables: ReadonlySet<string>): StatementName {
  const word = /^\s*([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? '';
  const verb = verbs.has(word) ? word : 'OTHER';
  const table = firstTable(text, tables);
  return table === undefined ? { summary: verb, verb } : { summary: `${verb} ${table}`, verb, table };
}

function firstTable(text: string, tables: ReadonlySet<string>): string | undefined {
  for (const [, name] of text.matchAll(/\b(?:FROM|INTO|UPDATE|JOIN|USING)\s+(?:"?public"?\.)?"?(\w+)/gi)) {
    if (name !== undefined && tables.has(name)) return name;
  }
  return undefined;
}
