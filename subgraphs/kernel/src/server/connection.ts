import sql, { empty, raw, type Sql } from 'sql-template-tag';
import { isLocalDate } from '../domain/calendar.js';
import { InputError } from './input-error.js';
import { encodeCursor, type Page } from './pagination.js';
import { query, type Queryable } from './sql.js';

/** A page of rows in the form of a Relay connection. */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: number;
}

/** How a list is sorted: by one expression of the selected rows, then by `id`. */
export interface SortOrder {
  /** The name that cursors carry. */
  readonly name: string;
  /** A column of `select`, trusted text from our own code. */
  readonly column: string;
  /** The SQL type of the column, to read a cursor's text back. */
  readonly type: 'text' | 'timestamptz' | 'date' | 'integer';
  readonly descending?: boolean;
}

export interface ConnectionQuery<Row, Node> {
  /**
   * A statement that gives every row that matches and may be seen, with at least the columns `id` (uuid), the sort's
   * column, and `parent` (text: the same for one list; for a list under each of several parents, the parent's id).
   */
  readonly select: Sql;
  /**
   * More columns, worked out for the rows of the page alone and not for the whole list: for example
   * `(SELECT json_agg(…) FROM order_line WHERE order_id = page.id) AS lines`.
   */
  readonly details?: Sql;
  readonly sort: SortOrder;
  readonly page: Page;
  readonly fromRow: (row: Row) => Node;
}

interface PageRow {
  id: string;
  list_parent: string;
  list_total: number;
  list_rank: string | null;
  list_key: string;
}

/**
 * Reads one page of the list of each parent, and how many rows each list has, in a single statement.
 * @returns connections by parent; a parent without rows is missing (see `emptyConnection`)
 */
export async function selectConnections<Row, Node>(
  manager: Queryable,
  connection: ConnectionQuery<Row, Node>,
): Promise<Map<string, Connection<Node>>> {
  const rows = await query<PageRow & Row>(manager, pageStatement(connection));
  const byParent = new Map<string, (PageRow & Row)[]>();
  for (const row of rows) {
    const list = byParent.get(row.list_parent);
    if (list) list.push(row);
    else byParent.set(row.list_parent, [row]);
  }
  return new Map([...byParent].map(([parent, list]) => [parent, toConnection(list, connection)]));
}

/** As `selectConnections`, for one list: `select` gives `'' AS parent`. */
export async function selectConnection<Row, Node>(
  manager: Queryable,
  connection: ConnectionQuery<Row, Node>,
): Promise<Connection<Node>> {
  const [only] = (await selectConnections(manager, connection)).values();
  return only ?? emptyConnection();
}

/** The connection of a list without rows. */
export function emptyConnection<Node>(): Connection<Node> {
  return {
    edges: [],
    nodes: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    totalCount: 0,
  };
}

/** One row more than the page is read, to know whether the list goes on. */
function pageStatement<Row, Node>({ select, details, sort, page }: ConnectionQuery<Row, Node>): Sql {
  const column = raw(`base.${sort.column}`);
  const down = Boolean(sort.descending) !== (page.direction === 'BACKWARD');
  const order = raw(down ? 'DESC' : 'ASC');
  const beyond = page.from
    ? sql`(${column}, base.id) ${raw(down ? '<' : '>')} (${keyText(page, sort)}::${raw(sort.type)}, ${page.from.id}::uuid)`
    : sql`TRUE`;
  return sql`
    WITH base AS (${select}),
    totals AS (SELECT parent, count(*)::int AS total FROM base GROUP BY parent),
    page AS (
      SELECT base.*, ${column}::text AS list_key,
             row_number() OVER (PARTITION BY base.parent ORDER BY ${column} ${order}, base.id ${order}) AS list_rank
      FROM base WHERE ${beyond}
    )
    SELECT page.*, totals.parent AS list_parent, totals.total AS list_total${details ? sql`, ${details}` : empty}
    FROM totals LEFT JOIN page ON page.parent = totals.parent AND page.list_rank <= ${page.size + 1}
    ORDER BY totals.parent, page.list_rank`;
}

/** Whether a cursor's text reads as the sort's type: the database is asked to cast it. */
const readsAs: Record<SortOrder['type'], (key: string) => boolean> = {
  text: (key) => !key.includes('\u0000'),
  integer: (key) => /^-?\d{1,9}$/.test(key),
  date: isLocalDate,
  timestamptz: (key) =>
    /^(?!0000)\d{4}-\d\d-\d\d ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?\+00$/.test(key) &&
    isLocalDate(key.slice(0, 10)),
};

/** A cursor comes from outside: it is checked before the database sees it. */
function keyText(page: Page, sort: SortOrder): string {
  const key = page.from?.key ?? '';
  if (readsAs[sort.type](key)) return key;
  const field = page.direction === 'FORWARD' ? 'after' : 'before';
  throw new InputError(
    'CURSOR_INVALID',
    field,
    `\`${field}\` is not a cursor of this list; leave it out to start again.`,
  );
}

function toConnection<Row, Node>(
  list: readonly (PageRow & Row)[],
  { page, sort, fromRow }: ConnectionQuery<Row, Node>,
): Connection<Node> {
  const found = list.filter((row) => row.list_rank !== null);
  const more = found.length > page.size;
  const kept = found.slice(0, page.size);
  if (page.direction === 'BACKWARD') kept.reverse();
  const edges = kept.map((row) => ({
    cursor: encodeCursor({ sort: sort.name, key: row.list_key, id: row.id }),
    node: fromRow(row),
  }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.direction === 'FORWARD' ? more : page.from !== null,
      hasPreviousPage: page.direction === 'BACKWARD' ? more : page.from !== null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: list[0]?.list_total ?? 0,
  };
}
