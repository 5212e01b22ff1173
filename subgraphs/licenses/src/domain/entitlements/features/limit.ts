import { explained, overrideOf, type MergeFeature } from './feature-kind.js';

export interface LimitFacts {
  readonly kind: 'LIMIT';
  /** Null: no limit. */
  readonly limit: number | null;
  readonly used: number;
  /** When that was observed; null when it never was. */
  readonly observedAt: Date | null;
}

/**
 * The plan's limit and, on top, every unit of every add-on and what was granted. One source without a limit lifts it altogether.
 * An override stands in the place of them all.
 */
export const mergeLimit: MergeFeature<LimitFacts> = (sources, { used, observedAt }) => {
  const override = overrideOf(sources);
  let limit: number | null = 0;
  for (const { quantity, units } of override === undefined ? sources : [override]) {
    limit = limit === null || quantity === null ? null : limit + quantity * units;
  }
  const applies = (source: (typeof sources)[number]) => override === undefined || source === override;
  return { kind: 'LIMIT', limit, used, observedAt, sources: explained(sources, applies) };
};
