import { Cancellation, type OnCancel } from './cancellation.js';
import { OpenWork, type Keyed } from './open-work.js';

/** One who waits for work. */
interface Waiter<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  readonly gone: Cancellation;
  readonly leave: OnCancel;
}

/** Work that is under way, and who waits for it: most often one. */
interface Work<Answer> extends Keyed<Work<Answer>> {
  readonly cancellation: Cancellation;
  readonly waiting: Waiter<Answer>[];
}

/** Work that is done once for all who ask for the same at the same moment. */
export interface InFlight<Answer> {
  /**
   * Joins the work of this key that is under way, or starts it. The answer is shared: nobody changes it.
   *
   * @param gone the one who asks has left; when the last of those who wait has, the work is cancelled
   * @param whenGone what the one who left is told
   */
  join(
    key: string,
    gone: Cancellation,
    start: (cancellation: Cancellation) => Promise<Answer>,
    whenGone: () => Error,
  ): Promise<Answer>;
  /** Something was written: what is under way is finished for those who wait, and joined by nobody else. */
  joinNoLonger(): void;
}

/** Begins with nothing under way. */
export function createInFlight<Answer>(): InFlight<Answer> {
  /** What may be joined. */
  const open = new OpenWork<Work<Answer>>();

  /** Nobody joins it any more; those who wait no longer leave. */
  const end = (work: Work<Answer>): readonly Waiter<Answer>[] => {
    open.remove(work);
    for (const { gone, leave } of work.waiting) gone.offCancel(leave);
    return work.waiting;
  };

  const begin = (key: string, start: (cancellation: Cancellation) => Promise<Answer>): Work<Answer> => {
    const work: Work<Answer> = { key, next: undefined, cancellation: new Cancellation(), waiting: [] };
    open.add(work);
    start(work.cancellation).then(
      (answer) => end(work).forEach(({ resolve }) => resolve(answer)),
      (error: unknown) => end(work).forEach(({ reject }) => reject(error)),
    );
    return work;
  };

  return {
    join(key, gone, start, whenGone) {
      if (gone.aborted) return Promise.reject(whenGone());
      const work = open.find(key) ?? begin(key, start);
      return new Promise((resolve, reject) => {
        const leave = () => {
          work.waiting.splice(work.waiting.indexOf(waiter), 1);
          reject(whenGone());
          if (work.waiting.length > 0) return;
          open.remove(work);
          work.cancellation.cancel('abandoned');
        };
        const waiter: Waiter<Answer> = { resolve, reject, gone, leave };
        work.waiting.push(waiter);
        gone.onCancel(leave);
      });
    },
    joinNoLonger: () => open.clear(),
  };
}
