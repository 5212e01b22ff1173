import { describe, expect, it, vi } from 'vitest';
import { manyEach, oneEach, oneEachByCode, pageEach, valueEach } from './batch.js';
import { type Connection, emptyConnection } from './connection.js';
import type { PageArguments } from './pagination.js';

const a = 'aaaaaaaa-0000-4000-8000-000000000001';
const b = 'bbbbbbbb-0000-4000-8000-000000000002';
const c = 'cccccccc-0000-4000-8000-000000000003';

type Row = { readonly id: string; readonly parent: string };
const rows: readonly Row[] = [
  { id: b, parent: a },
  { id: a, parent: a },
];
const readRows = () => vi.fn(async (_ids: readonly string[]) => rows);

describe('ids from outside', () => {
  it('are asked for once each, in small letters, and answered in the order of the question', async () => {
    const read = readRows();
    const loader = oneEach(read, ({ id }) => id);
    const answers = await Promise.all([a, c, b.toUpperCase(), b, a].map((id) => loader.load(id)));
    expect(answers).toEqual([rows[1], null, rows[0], rows[0], rows[1]]);
    expect(read.mock.calls).toEqual([[[a, c, b]]]);
  });

  it('name nothing when they are no UUIDs, and no empty batch is read', async () => {
    const read = readRows();
    const one = oneEach(read, ({ id }) => id);
    const many = manyEach(read, ({ parent }) => parent);
    expect(await Promise.all(['', '1', '\u0000', `${a}0`].map((id) => one.load(id)))).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(await many.load('nonsense')).toEqual([]);
    expect(read).not.toHaveBeenCalled();
    expect(await Promise.all([one.load('x'), one.load(a)])).toEqual([null, rows[1]]);
    expect(read.mock.calls).toEqual([[[a]]]);
  });

  it('are remembered, in whatever letters they come back', async () => {
    const read = readRows();
    const loader = oneEach(read, ({ id }) => id);
    expect(await loader.load(a)).toBe(await loader.load(a.toUpperCase()));
    expect(read).toHaveBeenCalledTimes(1);
  });
});

it('manyEach keeps the order of the rows under each parent', async () => {
  const loader = manyEach(readRows(), ({ parent }) => parent);
  expect(await Promise.all([loader.load(b), loader.load(a)])).toEqual([[], rows]);
});

it('valueEach says what a missing one is', async () => {
  const loader = valueEach(async () => new Map([[a, 0]]), null);
  expect(await Promise.all([loader.load(a), loader.load(b)])).toEqual([0, null]);
});

it('oneEachByCode takes a code as it is written', async () => {
  const read = vi.fn(async (_codes: readonly string[]) => [{ code: 'Plan' }]);
  const loader = oneEachByCode(read, ({ code }) => code);
  expect(await Promise.all([loader.load('Plan'), loader.load('plan')])).toEqual([{ code: 'Plan' }, null]);
  expect(read.mock.calls).toEqual([[['Plan', 'plan']]]);
});

describe('pageEach', () => {
  const page: Connection<string> = { ...emptyConnection<string>(), totalCount: 1 };
  const ofParents = () =>
    vi.fn(async (_ids: readonly string[], _page: PageArguments) => new Map([[a, page]]));

  it('reads the parents of one set of arguments together; a parent without rows has an empty page', async () => {
    const read = ofParents();
    const load = pageEach(read);
    expect(await Promise.all([load(a, { first: 2 }), load(b, { after: null, first: 2 })])).toEqual([
      page,
      emptyConnection(),
    ]);
    expect(read.mock.calls).toEqual([[[a, b], { first: 2 }]]);
  });

  it.each<[PageArguments, PageArguments]>([
    [{ first: 1 }, { first: 2 }],
    [{ first: 1 }, { last: 1 }],
    [{ after: 'x' }, { before: 'x' }],
    [{ first: 1 }, {}],
  ])('keeps %o and %o apart', async (one, other) => {
    const read = ofParents();
    const load = pageEach(read);
    await Promise.all([load(a, one), load(a, other)]);
    expect(read.mock.calls).toEqual([
      [[a], one],
      [[a], other],
    ]);
  });

  it('reads nothing for parents that are no UUIDs', async () => {
    const read = ofParents();
    expect(await pageEach(read)('nonsense', { first: 1 })).toEqual(emptyConnection());
    expect(read).not.toHaveBeenCalled();
  });
});
