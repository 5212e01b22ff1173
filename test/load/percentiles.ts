/** Of a number of measurements, in their own unit. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}

/** The nearest-rank percentiles; NaN where nothing was measured. */
export function percentiles(measured: readonly number[]): Percentiles {
  const sorted = measured.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), count: sorted.length };
}

/** Of a number of measurements; NaN of none. */
export function median(measured: readonly number[]): number {
  const sorted = measured.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
