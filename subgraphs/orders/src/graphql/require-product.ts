import type { Product } from '../domain/catalog/product.js';
import type { Loaders } from './loaders.js';

/** A product that an order names: it was on the price list, and nothing is ever taken off the table of products. */
export async function requireProduct({ product }: Loaders, code: string): Promise<Product> {
  const found = await product.load(code);
  if (found === null) throw new Error(`The product ${code} of an order is not stored`);
  return found;
}
