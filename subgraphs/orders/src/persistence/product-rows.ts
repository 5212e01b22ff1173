import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { PricePeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import type { StoredProduct } from '../domain/catalog/price-list.js';
import {
  type Price,
  priceId,
  type PriceUnit,
  type ProductFeature,
  type ProductKind,
} from '../domain/catalog/product.js';
import type { PriceRow, ProductRow } from './entities.js';

/** A product with its prices as `productColumns` reads it. */
export interface ProductRecord {
  code: string;
  name: string;
  kind: ProductKind;
  description: string;
  rank: number | null;
  minimum_quantity: number;
  deployment_kinds: DeploymentKind[];
  orderable: boolean;
  features: ProductFeature[];
  version: number;
  prices: PriceRecord[];
}

interface PriceRecord {
  unitPrice: string;
  currency: CurrencyCode;
  unit: PriceUnit;
  unitSize: number;
  pricePeriod: PricePeriod;
  billingPeriod: PricePeriod;
  validFrom: LocalDate;
  validUntil: LocalDate | null;
  source: string;
}

export function productFromRow(row: ProductRecord): StoredProduct {
  const { code, name, kind, description, rank, orderable, features, prices, version } = row;
  return {
    code,
    name,
    kind,
    description,
    rank,
    minimumQuantity: row.minimum_quantity,
    deploymentKinds: row.deployment_kinds,
    orderable,
    features,
    prices,
    version,
  };
}

export function productToRow(product: StoredProduct): ProductRow {
  const { code, name, kind, description, rank, minimumQuantity, orderable, version } = product;
  return {
    code,
    name,
    kind,
    description,
    rank,
    minimumQuantity,
    deploymentKinds: [...product.deploymentKinds],
    orderable,
    features: [...product.features],
    version,
  };
}

export function priceToRow(productCode: string, price: Price, position: number): PriceRow {
  return { id: priceId(productCode, price), productCode, position, ...price };
}
