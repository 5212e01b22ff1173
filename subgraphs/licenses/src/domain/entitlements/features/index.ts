import type { FeatureIdentity, FeatureReports, FeatureSource, MergeFeature } from './feature-kind.js';
import { mergeLimit } from './limit.js';
import { mergeMeteredAllowance } from './metered-allowance.js';
import { mergeOnOff } from './on-off.js';

/** Every kind of feature, with how it is worked out. */
const featureKinds = {
  ON_OFF: mergeOnOff,
  LIMIT: mergeLimit,
  METERED_ALLOWANCE: mergeMeteredAllowance,
} satisfies Record<string, MergeFeature<{ readonly kind: string }>>;

export type FeatureKind = keyof typeof featureKinds;

/** A feature that a deployment may use, told apart by `kind`. */
export type EntitledFeature = FeatureIdentity & ReturnType<(typeof featureKinds)[FeatureKind]>;

/** Works one feature out from what unlocks it (at least one source, the plan first of those that are products). */
export function mergeFeature(
  key: string,
  kind: FeatureKind,
  sources: readonly [FeatureSource, ...FeatureSource[]],
  reports: FeatureReports,
  at: Date,
): EntitledFeature {
  const product = sources.find((source) => source.kind !== 'GRANT' && source.kind !== 'OVERRIDE');
  const [first] = sources;
  return {
    key,
    name: (product ?? first).featureName,
    source: product?.code ?? first.kind,
    ...featureKinds[kind](sources, reports, at),
  };
}
