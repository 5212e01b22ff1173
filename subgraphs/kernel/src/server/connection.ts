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
  /** Where `select` gives the lists of these parents alone. The first page of one list costs less than those of several. */
  readonly parents?: readonly string[];
  /**
   * More columns, worked out for the rows of the page alone and not for the whole list: for example
   * `(SELECT json_agg(…) FROM order_line WHERE order_id = page.id) AS lines`.
   */
  readonly details?: Sql;
  readonly sort: SortOrder;
  readonly page: Page;
  readonly fromRow: (row: Row) => Node;
}

/** Where a list has no rows beyond the cursor, `id` is null. */
interface PageRow {
  id: string | null;
  list_parent: string;
  list_total: number;
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
  const [only] = (await selectConnections(manager, { ...connection, parents: [''] })).values();
  return only ?? emptyConnection();
}

/**
 * Reads one row, and a page of the one list that belongs to it, in a single statement.
 * @param select a statement that gives the row as the column `owner`, in JSON, where there is such a row
 * @returns null where there is none
 */
export async function selectWithConnection<Owner, Row, Node>(
  manager: Queryable,
  select: Sql,
  connection: ConnectionQuery<Row, Node>,
): Promise<{ readonly owner: Owner; readonly connection: Connection<Node> } | null> {
  const { sort, page } = connection;
  const rows = await query<PageRow & Row & { owner: Owner }>(
    manager,
    sql`SELECT owner.owner, page.* FROM (${select}) AS owner
        LEFT JOIN (${pageStatement({ ...connection, parents: [''] })}) AS page ON TRUE
        ORDER BY ${orderOf('page', sort, page)}`,
  );
  const [first] = rows;
  return first === undefined ? null : { owner: first.owner, connection: toConnection(rows, connection) };
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
function pageStatement<Row, Node>(connection: ConnectionQuery<Row, Node>): Sql {
  const { parents, page } = connection;
  return parents?.length === 1 && page.from === null ? firstPage(connection) : pageOfEach(connection);
}

/** All rows of the one list are beyond where its first page begins: they are counted as they are sorted. */
function firstPage<Row, Node>({ select, details, sort, page }: ConnectionQuery<Row, Node>): Sql {
  return sql`
    SELECT page.*${detailsOf(details)}
    FROM (SELECT base.*, ${keyOf(sort)} AS list_key, base.parent AS list_parent, (count(*) OVER ())::int AS list_total
          FROM (${select}) AS base ORDER BY ${orderOf('base', sort, page)} LIMIT ${page.size + 1}) AS page
    ORDER BY ${orderOf('page', sort, page)}`;
}

function pageOfEach<Row, Node>({ select, details, sort, page }: ConnectionQuery<Row, Node>): Sql {
  const beyond = page.from
    ? sql`(${raw(`base.${sort.column}`)}, base.id) ${raw(goesDown(sort, page) ? '<' : '>')} (${keyText(page, sort)}::${raw(sort.type)}, ${page.from.id}::uuid)`
    : sql`TRUE`;
  return sql`
    WITH base AS (${select}),
    totals AS (SELECT parent, count(*)::int AS total FROM base GROUP BY parent),
    page AS (
      SELECT base.*, ${keyOf(sort)} AS list_key,
             row_number() OVER (PARTITION BY base.parent ORDER BY ${orderOf('base', sort, page)}) AS list_rank
      FROM base WHERE ${beyond}
    )
    SELECT page.*, totals.parent AS list_parent, totals.total AS list_total${detailsOf(details)}
    FROM totals LEFT JOIN page ON page.parent = totals.parent AND page.list_rank <= ${page.size + 1}
    ORDER BY totals.parent, page.list_rank`;
}

function keyOf(sort: SortOrder): Sql {
  return sql`${raw(`base.${sort.column}`)}::text`;
}

function orderOf(rows: 'base' | 'page', sort: SortOrder, page: Page): Sql {
  const order = goesDown(sort, page) ? 'DESC' : 'ASC';
  return raw(`${rows}.${sort.column} ${order}, ${rows}.id ${order}`);
}

function goesDown(sort: SortOrder, page: Page): boolean {
  return Boolean(sort.descending) !== (page.direction === 'BACKWARD');
}

function detailsOf(details: Sql | undefined): Sql {
  return details === undefined ? empty : sql`, ${details}`;
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
  const found = list.filter((row): row is typeof row & { id: string } => row.id !== null);
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
