import { explained, overrideOf, type MergeFeature } from './feature-kind.js';

export interface OnOffFacts {
  readonly kind: 'ON_OFF';
  readonly enabled: boolean;
}

/** Unlocked as soon as one source unlocks it, unless an override says otherwise. */
export const mergeOnOff: MergeFeature<OnOffFacts> = (sources) => {
  const override = overrideOf(sources);
  return {
    kind: 'ON_OFF',
    enabled: override?.enabled ?? sources.length > 0,
    sources: explained(sources, (source) => override === undefined || source === override),
  };
};
