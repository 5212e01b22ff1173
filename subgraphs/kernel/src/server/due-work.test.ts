import { expect, test } from 'vitest';
import { dealWithDue, dealWithEach, type DueThing } from './due-work.js';

/** What a transaction of the test sees: it forgets what it did when it fails, or dies before its end. */
interface Unit {
  readonly due: string[];
  readonly told: string[];
  readonly announcements: { dueWork(thing: Thing): Promise<void> };
}

interface Thing extends DueThing {
  readonly id: string;
}

/** So many things are due; those named fail, and the transactions of these numbers die before they commit. */
function world(due: readonly string[], failing: readonly string[], dying: readonly number[] = []) {
  const state = { due: [...due], told: [] as string[], done: [] as string[], reported: [] as string[] };
  let transactions = 0;
  const transaction = async <T>(work: (unit: Unit) => Promise<T>): Promise<T> => {
    const unit: Unit = {
      due: [...state.due],
      told: [...state.told],
      announcements: { dueWork: async ({ id }) => void unit.told.push(id) },
    };
    const number = ++transactions;
    const result = await work(unit);
    if (dying.includes(number)) throw new Error('killed');
    Object.assign(state, { due: unit.due, told: unit.told });
    return result;
  };
  const take = (unit: Unit, count: number) => unit.due.splice(0, count);
  const one = (unit: Unit, id: string) => unit.due.splice(unit.due.indexOf(id), 1);
  const fail = (ids: readonly string[]) => {
    const failed = ids.find((id) => failing.includes(id));
    if (failed !== undefined) throw new Error(`${failed} fails`);
    state.done.push(...ids);
  };
  const toThing = (id: string): Thing => ({ kind: 'TEST', id });
  return {
    state,
    run: {
      transaction,
      now: new Date('2026-11-23T12:00:00Z'),
      onSetAside: (things: readonly DueThing[], cause: unknown) =>
        void state.reported.push(`${things.length}: ${String(cause)}`),
    },
    batched: {
      deal: async (unit: Unit) => {
        const ids = take(unit, 2);
        fail(ids);
        return ids.length;
      },
      setAside: async (unit: Unit) => take(unit, 2).map(toThing),
    },
    separate: {
      page: async (unit: Unit, after: string | null) =>
        unit.due.filter((id) => after === null || id > after).slice(0, 2),
      deal: (id: string) =>
        transaction(async (unit) => {
          one(unit, id);
          fail([id]);
        }),
      setAside: async (unit: Unit, id: string) => {
        one(unit, id);
        return toThing(id);
      },
    },
  };
}

test('a batch that fails is told, each of it alone, and the other batches are dealt with', async () => {
  const { state, run, batched } = world(['a', 'b', 'c', 'd', 'e'], ['c']);
  await dealWithDue(run, batched);
  expect(state).toEqual({
    due: [],
    done: ['a', 'b', 'e'],
    told: ['c', 'd'],
    reported: ['2: Error: c fails'],
  });
});

test('what fails in its turn is told, and the others have theirs', async () => {
  const { state, run, separate } = world(['a', 'b', 'c', 'd', 'e'], ['b', 'e']);
  await dealWithEach(run, separate);
  expect(state).toEqual({
    due: [],
    done: ['a', 'c', 'd'],
    told: ['b', 'e'],
    reported: ['1: Error: b fails', '1: Error: e fails'],
  });
});

test('a process that dies while it sets aside leaves all of it due, and has told of nothing', async () => {
  const first = world(['a', 'b'], ['a'], [2]);
  await expect(dealWithDue(first.run, first.batched)).rejects.toThrow('killed');
  expect(first.state).toEqual({ due: ['a', 'b'], done: [], told: [], reported: [] });
  await dealWithDue(first.run, first.batched);
  expect(first.state).toMatchObject({ due: [], told: ['a', 'b'] });

  const second = world(['a', 'b'], ['a'], [3]);
  await expect(dealWithEach(second.run, second.separate)).rejects.toThrow('killed');
  expect(second.state).toMatchObject({ due: ['a', 'b'], told: [], reported: [] });
});

test('what fails with nothing that could be set aside is thrown, so that the run is seen to fail', async () => {
  const { run, batched } = world([], []);
  const deal = () => Promise.reject(new Error('nothing is right'));
  await expect(dealWithDue(run, { ...batched, deal })).rejects.toThrow('nothing is right');
});
