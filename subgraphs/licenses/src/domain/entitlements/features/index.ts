import type { FeatureUse } from '../../usage.js';
import type { FeatureGrant, FeatureIdentity, MergeFeature } from './feature-kind.js';
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

/** Works one feature out from the products that unlock it (at least one, the plan first). */
export function mergeFeature(
  key: string,
  kind: FeatureKind,
  grants: readonly [FeatureGrant, ...FeatureGrant[]],
  use: FeatureUse | null,
  at: Date,
): EntitledFeature {
  const [{ name, source }] = grants;
  return { key, name, source, ...featureKinds[kind](grants, use, at) };
}
