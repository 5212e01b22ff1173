/** What a process held at the end of a minute, in megabytes. */
export interface MemorySample {
  readonly minute: number;
  /** Of the heap, right after a collection. */
  readonly heap: number;
  /** Of the whole process, as the operating system counts it. */
  readonly rss: number;
}

export type MemoryVerdict = 'flat' | 'growing' | 'too short to say';

/** What of a soak is caches filling and code being compiled. */
const settlingMinutes = 2;
const fewestSamples = 4;

/**
 * Whether a process holds more and more. A line is fitted through the samples after the first two minutes: the heap grows
 * when the line rises by more than 5 % and 3 MB in that time, the process when its line rises by more than 10 % and 15 MB.
 */
export function memoryVerdict(samples: readonly MemorySample[]): MemoryVerdict {
  const settled = samples.filter(({ minute }) => minute > settlingMinutes);
  if (settled.length < fewestSamples) return 'too short to say';
  const heap = trend(settled.map(({ heap }) => heap));
  const rss = trend(settled.map(({ rss }) => rss));
  const grows = heap.rise > Math.max(3, heap.mean * 0.05) || rss.rise > Math.max(15, rss.mean * 0.1);
  return grows ? 'growing' : 'flat';
}

/** The least-squares line through evenly spaced values: how much it rises from the first to the last. */
function trend(values: readonly number[]): { readonly mean: number; readonly rise: number } {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [covariance, variance] = values.reduce(
    ([xy, xx], value, x) => [xy + (x - middle) * (value - mean), xx + (x - middle) ** 2],
    [0, 0],
  );
  return { mean, rise: (covariance / variance) * (values.length - 1) };
}
