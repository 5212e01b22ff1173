/** An execution that several requests may wait for. */
interface Shared<Result> {
  readonly result: Promise<Result>;
  readonly abandon: AbortController;
  /** What had been written when it began. */
  readonly era: number;
  waiting: number;
}

/** Whole queries that are under way, each executed once for all who ask the same at the same moment. */
export interface SharedExecutions<Result> {
  /**
   * Joins the execution of this key that is under way, or starts it. It is given up when the last who waits has gone.
   *
   * Rejects with the reason of `gone` for whoever has gone.
   */
  join(key: string, gone: AbortSignal, start: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  /** Something was written: nobody who comes from now on may be answered by what began before. */
  written(): void;
}

/** Begins with nothing under way. */
export function createSharedExecutions<Result>(): SharedExecutions<Result> {
  const underWay = new Map<string, Shared<Result>>();
  let era = 0;

  const begin = (key: string, start: (signal: AbortSignal) => Promise<Result>): Shared<Result> => {
    const abandon = new AbortController();
    const shared: Shared<Result> = { result: start(abandon.signal), abandon, era, waiting: 0 };
    underWay.set(key, shared);
    const end = () => {
      if (underWay.get(key) === shared) underWay.delete(key);
    };
    shared.result.then(end, end);
    return shared;
  };

  return {
    join(key, gone, start) {
      if (gone.aborted) return Promise.reject(gone.reason as Error);
      const known = underWay.get(key);
      const isCurrent = known !== undefined && known.era === era && !known.abandon.signal.aborted;
      return wait(isCurrent ? known : begin(key, start), gone);
    },
    written() {
      era += 1;
    },
  };
}

function wait<Result>(shared: Shared<Result>, gone: AbortSignal): Promise<Result> {
  shared.waiting += 1;
  return new Promise((resolve, reject) => {
    const leave = () => {
      shared.waiting -= 1;
      if (shared.waiting === 0) shared.abandon.abort(gone.reason);
      reject(gone.reason as Error);
    };
    gone.addEventListener('abort', leave, { once: true });
    shared.result.then(resolve, reject).finally(() => gone.removeEventListener('abort', leave));
  });
}
