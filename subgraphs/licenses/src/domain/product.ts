import type { FeatureKind } from './entitlements/features/index.js';

/** The plan of everybody who has no other. */
export const freePlanCode = 'FREE';

/** What one unit of a product unlocks. */
export interface ProductFeature {
  readonly key: string;
  readonly name: string;
  readonly kind: FeatureKind;
  /** A limit: the highest number allowed, null for no limit. An allowance: the quantity of a month or a pack. */
  readonly quantity: number | null;
  /** An allowance: whether it may be exceeded; it may not where nothing is said. */
  readonly overage?: 'ALLOWED' | 'BLOCKED' | undefined;
}

/** What licenses needs to know of a product of the price list. */
export interface Product {
  readonly code: string;
  readonly version: number;
  readonly name: string;
  readonly features: readonly ProductFeature[];
  /** When this version of it was made. */
  readonly recordedAt: Date;
}

/** Products by code. One that has not arrived yet is missing. */
export type Products = ReadonlyMap<string, Product>;
