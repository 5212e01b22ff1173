import type { MergeFeature } from './feature-kind.js';

export interface OnOffFacts {
  readonly kind: 'ON_OFF';
  readonly enabled: boolean;
}

/** Unlocked as soon as one product in force unlocks it. */
export const mergeOnOff: MergeFeature<OnOffFacts> = (grants) => ({
  kind: 'ON_OFF',
  enabled: grants.length > 0,
});
