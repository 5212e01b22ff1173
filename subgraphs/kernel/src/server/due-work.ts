import type { RunTransaction } from './service-definition.js';

/** Something that came due by the clock and could not be done; `kind` is what metrics count it by. */
export interface DueThing {
  readonly kind: string;
}

/** A unit of work that can tell the service itself, over the bus, of something that is to be done alone. */
export interface TellsDueWork<Due extends DueThing> {
  readonly announcements: { dueWork(due: Due, at: Date): Promise<void> };
}

/** Told of what was set aside, and of what failed. */
export type OnSetAside = (things: readonly DueThing[], cause: unknown) => void;

/** What dealing with due work needs besides the work. */
export interface DueRun<Work> {
  readonly transaction: RunTransaction<Work>;
  readonly now: Date;
  readonly onSetAside: OnSetAside;
}

/** Work that falls due by the clock, dealt with a batch in a transaction. */
export interface BatchedWork<Work, Due extends DueThing> {
  /** Deals with what is due longest; gives how many that were. */
  readonly deal: (unit: Work, now: Date) => Promise<number>;
  /** Takes the same out of what is due, reading no more of it than which it is. */
  readonly setAside: (unit: Work, now: Date) => Promise<readonly Due[]>;
}

/**
 * Deals with all that is due. A batch that fails is told to the service itself, each of it alone: what can be done is done, and what
 * can not is a delivery that failed: tried again with growing pauses, then a dead letter, which operations sees and sends again. It
 * keeps nothing else waiting. To take it out and to tell of it is one transaction, so that a process that dies loses nothing.
 * @throws when a batch can neither be dealt with nor be set aside: the database is away, or there is nothing that it could be
 */
export async function dealWithDue<Work extends TellsDueWork<Due>, Due extends DueThing>(
  run: DueRun<Work>,
  { deal, setAside }: BatchedWork<Work, Due>,
): Promise<void> {
  const isMore = () =>
    run
      .transaction((unit) => deal(unit, run.now))
      .catch((cause: unknown) => tellAlone(run, (unit) => setAside(unit, run.now), cause));
  while ((await isMore()) > 0);
}

/** Work that is looked for again and again, and dealt with one thing after the other. */
export interface SeparateWork<Work, Due extends DueThing> {
  /** Ids in their order from the one after `after`, without those that were set aside; none ends the run. */
  readonly page: (unit: Work, after: string | null) => Promise<readonly string[]>;
  /** Deals with one, in as many transactions as it needs. */
  readonly deal: (id: string) => Promise<unknown>;
  /** Takes one out of what is looked for. */
  readonly setAside: (unit: Work, id: string) => Promise<Due>;
}

/**
 * Deals with each of what there is to do. One that fails is told to the service itself, as of `dealWithDue`, and the next one has
 * its turn.
 * @throws when one can neither be dealt with nor be set aside: the database is away
 */
export async function dealWithEach<Work extends TellsDueWork<Due>, Due extends DueThing>(
  run: DueRun<Work>,
  { page, deal, setAside }: SeparateWork<Work, Due>,
): Promise<void> {
  let after: string | null = null;
  do {
    const ids: readonly string[] = await run.transaction((unit) => page(unit, after));
    for (const id of ids) {
      await deal(id).catch((cause: unknown) =>
        tellAlone(run, async (unit) => [await setAside(unit, id)], cause),
      );
    }
    after = ids.at(-1) ?? null;
  } while (after !== null);
}

/** Takes things out of what is due and tells of each, in one transaction; gives how many they were. @throws `cause` where there is none */
async function tellAlone<Work extends TellsDueWork<Due>, Due extends DueThing>(
  { transaction, now, onSetAside }: DueRun<Work>,
  setAside: (unit: Work) => Promise<readonly Due[]>,
  cause: unknown,
): Promise<number> {
  const things = await transaction(async (unit) => {
    const taken = await setAside(unit);
    await Promise.all(taken.map((due) => unit.announcements.dueWork(due, now)));
    return taken;
  });
  if (things.length === 0) throw cause;
  onSetAside(things, cause);
  return things.length;
}
