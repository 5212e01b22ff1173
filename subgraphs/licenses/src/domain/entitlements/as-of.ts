import { freePlanCode } from '../product.js';
import type { EntitlementFacts } from './compute.js';

/**
 * When the newest change of contract or price list was made that the facts take in; null when none has arrived. What a
 * deployment's own reports and persons gave is always the latest, and has no part in it.
 */
export function asOf({ subscriptions, products }: EntitlementFacts): Date | null {
  const codes = new Set([
    freePlanCode,
    ...subscriptions.flatMap(({ items, boughtOnce }) =>
      [...items, ...boughtOnce].map(({ productCode }) => productCode),
    ),
  ]);
  const instants = [
    ...subscriptions.map(({ recordedAt }) => recordedAt.getTime()),
    ...[...codes].flatMap((code) => products.get(code)?.recordedAt.getTime() ?? []),
  ];
  return instants.length === 0 ? null : new Date(Math.max(...instants));
}
