import { ratePeriods } from '@fulfillment/kernel/domain/billing/rating';
import type { PricePeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { agreedPriceFor } from '../../catalog/agreed-price.js';
import { isOnSale, type Price, type Product, type ProductKind } from '../../catalog/product.js';
import { type OrderError, orderError } from '../errors.js';
import type { OrderFacts } from '../facts.js';
import type { ActionCharge } from './action-rules.js';

/** One agreed product of a subscription, at the price that the order froze. */
export interface SubscriptionItem {
  readonly productCode: string;
  readonly productName: string;
  readonly productKind: ProductKind;
  readonly quantity: number;
  /** Decimal text in major units of the order's currency. */
  readonly unitPrice: string;
  readonly pricePeriod: PricePeriod;
  readonly billingPeriod: PricePeriod;
}

/** A product as it is asked for, and where in the input. */
export interface RequestedItem {
  readonly productCode: string;
  readonly kind: ProductKind;
  readonly quantity: number;
  /** The days to be charged for: the first term. */
  readonly term: LocalPeriod;
  readonly codeField: readonly (string | number)[];
  readonly quantityField: readonly (string | number)[];
}

/** Nobody is sold more units of one product at once. */
export const largestQuantity = 1_000_000;

/** An item with its charges: one for each billing period of the first term. */
export interface RatedItem {
  readonly product: Product;
  readonly item: SubscriptionItem;
  readonly charges: readonly ActionCharge[];
}

/** Finds a product and its price, and works out what it costs; or says what is wrong with it. */
export function judgeItem(requested: RequestedItem, facts: OrderFacts): Result<RatedItem, OrderError[]> {
  const product = facts.products.get(requested.productCode);
  if (product?.kind !== requested.kind) return err([productNotFound(requested)]);
  if (!product.orderable) {
    const message = `${product.name} needs no order; name a plan that is sold.`;
    return err([orderError('PRODUCT_NOT_FOUND', requested.codeField, message)]);
  }
  const { quantity, term } = requested;
  const errors: OrderError[] = [];
  if (!Number.isInteger(quantity) || quantity < product.minimumQuantity || quantity > largestQuantity) {
    errors.push(quantityOutOfRange(requested, product));
  }
  const price = agreedPriceFor(product, facts.buyer.invoiceOwner, term.start);
  if (price === null) errors.push(priceNotFound(requested, product, facts));
  return price === null || errors.length > 0 ? err(errors) : ok(rateItem(product, price, quantity, term));
}

/** What a quantity costs at a price for a term, by local calendar days: for anybody who agreed nothing else. */
export function rateItem(product: Product, price: Price, quantity: number, term: LocalPeriod): RatedItem {
  const { unitPrice, currency, pricePeriod, billingPeriod } = price;
  const named = { productCode: product.code, productName: product.name };
  const rated = ratePeriods({
    unitPrice,
    currency,
    pricePeriod,
    billingPeriod,
    quantity,
    anchor: term.start,
    servicePeriod: term,
    policy: 'ACTUAL_DAYS',
  });
  return {
    product,
    item: { ...named, productKind: product.kind, quantity, unitPrice, pricePeriod, billingPeriod },
    charges: rated.map((charge) => ({ ...named, ...charge })),
  };
}

/** The code is not repeated in the message: it may hold what cannot be stored with the answer. */
function productNotFound({ codeField, kind }: RequestedItem): OrderError {
  const what = kind === 'PLAN' ? 'plan' : 'add-on';
  const message = `There is no ${what} of this code; \`products\` lists what is sold.`;
  return orderError('PRODUCT_NOT_FOUND', codeField, message);
}

function quantityOutOfRange({ quantityField }: RequestedItem, product: Product): OrderError {
  const range = `${product.minimumQuantity} to ${largestQuantity}`;
  return orderError(
    'QUANTITY_OUT_OF_RANGE',
    quantityField,
    `${product.name} is sold in quantities from ${range}.`,
  );
}

function priceNotFound(requested: RequestedItem, product: Product, facts: OrderFacts): OrderError {
  const { currency } = facts.buyer.invoiceOwner;
  const message = isOnSale(product, requested.term.start)
    ? `${product.name} has no list price in ${currency}: ask sales.`
    : `${product.name} has no list price on ${requested.term.start}: ask sales.`;
  return orderError('PRICE_NOT_FOUND', requested.codeField, message);
}
