import type { Product } from './product.js';

/** A price list as it was published, with the number of our edition of it. */
export interface PriceList {
  /** Goes up with every change of the list: what was loaded of a lower one is replaced. */
  readonly version: number;
  readonly products: readonly Product[];
}

/** A product as it is stored. Its version goes up with every change of its content, from 1. */
export interface StoredProduct extends Product {
  readonly version: number;
}

/** The content was changed and the price list's version was not: replicas could not agree on what holds. */
export class PriceListVersionError extends Error {
  override readonly name = 'PriceListVersionError';
}

/**
 * What has to be stored for a price list to hold: new and changed products with their next version, none when this or
 * a newer edition was loaded before (by another replica, or by a newer release that runs beside this one).
 *
 * @param loaded the version of the list that is stored, 0 for none
 * @throws PriceListVersionError when the list differs from what is stored under the same version
 */
export function productsToStore(
  list: PriceList,
  loaded: number,
  stored: readonly StoredProduct[],
): StoredProduct[] {
  if (loaded > list.version) return [];
  const byCode = new Map(stored.map((product) => [product.code, product]));
  const changed = list.products.flatMap((product) => {
    const before = byCode.get(product.code);
    if (before !== undefined && sameContent(product, before)) return [];
    return [{ ...product, version: (before?.version ?? 0) + 1 }];
  });
  if (loaded === list.version && changed.length > 0) {
    const codes = changed.map(({ code }) => code).join(', ');
    throw new PriceListVersionError(
      `The price list was changed (${codes}) and still has version ${list.version}: give it the next one.`,
    );
  }
  return changed;
}

function sameContent(product: Product, stored: StoredProduct): boolean {
  return canonicalJson({ ...product, version: stored.version }) === canonicalJson(stored);
}

/** JSON with the fields of every object sorted: the database does not keep their order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
