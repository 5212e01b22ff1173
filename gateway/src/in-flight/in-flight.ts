import { Cancellation, type OnCancel } from './cancellation.js';

/** One who waits for work. */
interface Waiter<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  readonly gone: Cancellation;
  readonly leave: OnCancel;
}

/** Work that is under way, and who waits for it. */
interface Work<Answer> {
  readonly cancellation: Cancellation;
  readonly waiting: Set<Waiter<Answer>>;
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
  const open = new Map<string, Work<Answer>>();

  const close = (key: string, work: Work<Answer>) => {
    if (open.get(key) === work) open.delete(key);
  };

  const begin = (key: string, start: (cancellation: Cancellation) => Promise<Answer>): Work<Answer> => {
    const work: Work<Answer> = { cancellation: new Cancellation(), waiting: new Set() };
    const end = (tell: (waiter: Waiter<Answer>) => void) => {
      close(key, work);
      for (const waiter of work.waiting) {
        waiter.gone.offCancel(waiter.leave);
        tell(waiter);
      }
    };
    start(work.cancellation).then(
      (answer) => end(({ resolve }) => resolve(answer)),
      (error: unknown) => end(({ reject }) => reject(error)),
    );
    open.set(key, work);
    return work;
  };

  return {
    join(key, gone, start, whenGone) {
      if (gone.aborted) return Promise.reject(whenGone());
      const work = open.get(key) ?? begin(key, start);
      return new Promise((resolve, reject) => {
        const leave = () => {
          work.waiting.delete(waiter);
          reject(whenGone());
          if (work.waiting.size > 0) return;
          close(key, work);
          work.cancellation.cancel('abandoned');
        };
        const waiter: Waiter<Answer> = { resolve, reject, gone, leave };
        work.waiting.add(waiter);
        gone.onCancel(leave);
      });
    },
    joinNoLonger: () => open.clear(),
  };
}
