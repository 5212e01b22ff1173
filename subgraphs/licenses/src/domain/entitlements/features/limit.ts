import type { MergeFeature } from './feature-kind.js';

export interface LimitFacts {
  readonly kind: 'LIMIT';
  /** Null: no limit. */
  readonly limit: number | null;
  readonly used: number;
}

/** The plan's limit and, on top, every unit of every add-on. One product without a limit lifts it altogether. */
export const mergeLimit: MergeFeature<LimitFacts> = (grants, use) => {
  let limit: number | null = 0;
  for (const { quantity, units } of grants) {
    limit = limit === null || quantity === null ? null : limit + quantity * units;
  }
  return { kind: 'LIMIT', limit, used: use?.used ?? 0 };
};
