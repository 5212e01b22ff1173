import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  emptyConnection,
  selectConnection,
  selectConnections,
  selectWithConnection,
  type SortOrder,
} from './connection.js';
import { createDataSource } from './data-source.js';
import { encodeCursor, parsePage, type PageArguments } from './pagination.js';

const database = await createEmptyDatabase();
let statements = 0;
const dataSource = await createDataSource({
  url: database.url,
  applicationName: 'kernel-test',
  entities: [],
  migrations: [],
  onStatement: () => {
    statements += 1;
  },
}).initialize();
afterAll(() => dataSource.destroy());

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

beforeAll(async () => {
  await dataSource.query('CREATE TABLE item (id uuid, owner text, due date)');
  for (let number = 1; number <= 10; number += 1) {
    // Days repeat, so that the id must decide.
    await dataSource.query('INSERT INTO item VALUES ($1, $2, $3)', [
      id(number),
      number <= 7 ? 'a' : 'b',
      `2026-01-0${1 + (number % 3)}`,
    ]);
  }
});

const sort: SortOrder = { name: 'DUE', column: 'due', type: 'date' };

const list = (page: PageArguments, owner = 'a', order = sort) =>
  selectConnection<{ id: string }, string>(dataSource.manager, {
    select: sql`SELECT id, due, '' AS parent FROM item WHERE owner = ${owner}`,
    sort: order,
    page: parsePage(page, order.name),
    fromRow: (row) => row.id,
  });

describe('a connection', () => {
  it('pages forward through every row once, and says when the list ends', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const page = await list({ first: 3, after });
      expect(page.totalCount).toBe(7);
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...page.nodes);
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual([3, 6, 1, 4, 7, 2, 5].map(id));
  });

  it('pages backward to the same rows in the same order', async () => {
    const last = await list({ last: 3 });
    expect(last.nodes).toEqual([7, 2, 5].map(id));
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const before = await list({ last: 3, before: last.pageInfo.startCursor });
    expect(before.nodes).toEqual([6, 1, 4].map(id));
    expect(before.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it('turns the order around', async () => {
    const page = await list({ first: 2 }, 'a', { ...sort, name: 'DUE_DESC', descending: true });
    expect(page.nodes).toEqual([5, 2].map(id));
  });

  it('is empty, with a count, beyond the end and without rows', async () => {
    const beyond = encodeCursor({ sort: 'DUE', key: '2030-01-01', id: id(1) });
    expect(await list({ first: 2, after: beyond })).toMatchObject({ nodes: [], totalCount: 7 });
    expect(await list({ first: 2 }, 'nobody')).toMatchObject({ nodes: [], totalCount: 0 });
  });

  it('reads the first and the last page of one parent’s list as those of several', async () => {
    const pages = fc.record({
      owner: fc.constantFrom('a', 'b', 'nobody'),
      size: fc.integer({ min: 1, max: 12 }),
      backward: fc.boolean(),
      descending: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(pages, async ({ owner, size, backward, descending }) => {
        const ofOwner = (parents?: readonly string[]) =>
          selectConnections<{ id: string; upper: string }, string>(dataSource.manager, {
            select: sql`SELECT id, owner, due, owner AS parent FROM item WHERE owner = ${owner}`,
            details: sql`upper(page.owner) AS upper`,
            ...(parents ? { parents } : {}),
            sort: { ...sort, descending },
            page: parsePage(backward ? { last: size } : { first: size }, sort.name),
            fromRow: (row) => `${row.upper} ${row.id}`,
          });
        expect(await ofOwner([owner])).toEqual(await ofOwner());
      }),
      { numRuns: 50 },
    );
  });

  it('is read together with the row that it belongs to, if there is one', async () => {
    const ownerWith = async (owner: string, page: PageArguments) => {
      statements = 0;
      const found = await selectWithConnection<{ name: string }, { id: string }, string>(
        dataSource.manager,
        sql`SELECT to_json(o) AS owner FROM (VALUES ('a'), ('b'), ('c')) AS o (name) WHERE o.name = ${owner}`,
        {
          select: sql`SELECT id, due, '' AS parent FROM item WHERE owner = ${owner}`,
          sort,
          page: parsePage(page, sort.name),
          fromRow: (row) => row.id,
        },
      );
      expect(statements).toBe(1);
      return found;
    };
    for (const page of [{ first: 2 }, { last: 2 }, { first: 9 }]) {
      expect(await ownerWith('a', page)).toEqual({ owner: { name: 'a' }, connection: await list(page) });
    }
    const after = (await list({ first: 4 })).pageInfo.endCursor;
    expect(await ownerWith('a', { after })).toEqual({
      owner: { name: 'a' },
      connection: await list({ after }),
    });
    expect(await ownerWith('c', {})).toEqual({ owner: { name: 'c' }, connection: emptyConnection() });
    expect(await ownerWith('d', {})).toBeNull();
  });

  it('reads the lists of many parents in one statement', async () => {
    statements = 0;
    const lists = await selectConnections<{ id: string }, string>(dataSource.manager, {
      select: sql`SELECT id, due, owner AS parent FROM item`,
      sort,
      page: parsePage({ first: 2 }, sort.name),
      fromRow: (row) => row.id,
    });
    expect(statements).toBe(1);
    expect(lists.get('a')).toMatchObject({ nodes: [3, 6].map(id), totalCount: 7 });
    expect(lists.get('b')).toMatchObject({ nodes: [9, 10].map(id), totalCount: 3 });
  });
});

describe('paging arguments that do not fit are refused with their field', () => {
  const foreign = encodeCursor({ sort: 'NAME', key: 'x', id: id(1) });
  const cast = (key: string) => encodeCursor({ sort: 'DUE', key, id: id(1) });
  it.each<[PageArguments, string, string]>([
    [{ first: 0 }, 'PAGE_SIZE_INVALID', 'first'],
    [{ first: 100_000 }, 'PAGE_SIZE_INVALID', 'first'],
    [{ first: -1 }, 'PAGE_SIZE_INVALID', 'first'],
    [{ last: 101 }, 'PAGE_SIZE_INVALID', 'last'],
    [{ first: 1, last: 1 }, 'PAGE_ARGUMENTS_CONFLICT', 'first'],
    [{ after: 'nonsense' }, 'CURSOR_INVALID', 'after'],
    [{ before: Buffer.from('[1,2,3]').toString('base64url') }, 'CURSOR_INVALID', 'before'],
    [{ after: foreign }, 'CURSOR_INVALID', 'after'],
    [{ after: cast('not a day') }, 'CURSOR_INVALID', 'after'],
    [{ after: cast('2026-99-99') }, 'CURSOR_INVALID', 'after'],
  ])('%o', async (page, code, field) => {
    await expect((async () => list(page))()).rejects.toMatchObject({ code, field });
  });
});
