import { Cancellation } from './cancellation.js';

/** Work that is under way, and how many wait for it. */
interface Entry<Answer> {
  readonly answer: Promise<Answer>;
  readonly cancellation: Cancellation;
  /** What had been written when it began. */
  readonly era: number;
  waiting: number;
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
    gone: AbortSignal,
    start: (cancellation: Cancellation) => Promise<Answer>,
    whenGone: () => Error,
  ): Promise<Answer>;
  /** Something was written: what is under way is finished for those who wait, and joined by nobody else. */
  joinNoLonger(): void;
}

/** Begins with nothing under way. */
export function createInFlight<Answer>(): InFlight<Answer> {
  const entries = new Map<string, Entry<Answer>>();
  let era = 0;

  const begin = (key: string, start: (cancellation: Cancellation) => Promise<Answer>): Entry<Answer> => {
    const cancellation = new Cancellation();
    const entry: Entry<Answer> = { answer: start(cancellation), cancellation, era, waiting: 0 };
    entries.set(key, entry);
    const ended = () => {
      if (entries.get(key) === entry) entries.delete(key);
    };
    entry.answer.then(ended, ended);
    return entry;
  };

  return {
    join(key, gone, start, whenGone) {
      if (gone.aborted) return Promise.reject(whenGone());
      const known = entries.get(key);
      const entry =
        known !== undefined && known.era === era && known.cancellation.reason === undefined
          ? known
          : begin(key, start);
      return wait(entry, gone, whenGone);
    },
    joinNoLonger() {
      era += 1;
    },
  };
}

function wait<Answer>(entry: Entry<Answer>, gone: AbortSignal, whenGone: () => Error): Promise<Answer> {
  entry.waiting += 1;
  return new Promise<Answer>((resolve, reject) => {
    const leave = () => {
      entry.waiting -= 1;
      if (entry.waiting === 0) entry.cancellation.cancel('abandoned');
      reject(whenGone());
    };
    gone.addEventListener('abort', leave, { once: true });
    entry.answer.then(resolve, reject).finally(() => gone.removeEventListener('abort', leave));
  });
}
