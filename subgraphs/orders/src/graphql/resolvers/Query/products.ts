import { isOnSale } from '../../../domain/catalog/product.js';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const products: NonNullable<QueryResolvers['products']> = async (_, __, { reader, today }) => {
  const day = await today();
  return (await reader.products()).filter((product) => isOnSale(product, day));
};
