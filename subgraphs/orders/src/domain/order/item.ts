import type { AgreedItem, Discount } from '@fulfillment/kernel/domain/agreement/agreement';
import { discountFault } from '@fulfillment/kernel/domain/agreement/discount';
import { decimal, formatDecimal } from '@fulfillment/kernel/domain/decimal';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import { agreedPriceFor } from '../catalog/agreed-price.js';
import { isOnSale, type Product, type ProductKind } from '../catalog/product.js';
import { type FieldPath, type OrderError, orderError } from './errors.js';
import type { OrderFacts } from './facts.js';

/** Something off a unit price, as it is asked for. */
export interface DiscountInput {
  readonly percent?: string | null;
  readonly amount?: string | null;
  readonly renews?: boolean | null;
}

/** A product as it is asked for, and where in the input. */
export interface RequestedItem {
  readonly productCode: string;
  readonly kind: ProductKind;
  readonly quantity: number;
  readonly discount?: DiscountInput | null;
  readonly codeField: FieldPath;
  readonly quantityField: FieldPath;
  readonly discountField: FieldPath;
}

/** What a price depends on besides the product. */
export interface PriceSetting {
  readonly facts: OrderFacts;
  readonly currency: CurrencyCode;
  readonly deploymentKind: DeploymentKind;
  readonly day: LocalDate;
  /** The item of the contract, when it has the product: its price stays. */
  readonly agreed?: AgreedItem | undefined;
}

type UnitPrice = Pick<AgreedItem, 'unitPrice' | 'pricePeriod'>;

/** Nobody is sold more units of one product at once. */
export const largestQuantity = 1_000_000;

/** Finds a product and freezes its price, or says all that is wrong with it. */
export function agreeItem(requested: RequestedItem, setting: PriceSetting): Result<AgreedItem, OrderError[]> {
  const product = setting.facts.products.get(requested.productCode);
  if (product?.kind !== requested.kind) return err([productNotFound(requested)]);
  if (!product.orderable) {
    const message = `${product.name} needs no order; name a plan that is sold.`;
    return err([orderError('PRODUCT_NOT_FOUND', requested.codeField, message)]);
  }
  const quantity = quantityError(requested.quantity, product, requested.quantityField);
  const price = priceOf(requested, product, setting);
  const discount = price.ok ? agreeDiscount(requested, price.value, setting) : ok(null);
  const errors = [quantity, ...[price, discount].map((each) => (each.ok ? null : each.error))];
  const found = errors.filter((error) => error !== null);
  if (!price.ok || !discount.ok || found.length > 0) return err(found);
  const otherKind = kindError(requested, product, setting.deploymentKind);
  if (otherKind !== null) return err([otherKind]);
  return ok({
    productCode: product.code,
    productName: product.name,
    productKind: product.kind,
    quantity: requested.quantity,
    ...price.value,
    discount: discount.value,
  });
}

/** What is wrong with a quantity of a product; one that is not sold any more has no bounds but the largest. */
export function quantityError(
  quantity: number,
  product: Product | undefined,
  field: FieldPath,
): OrderError | null {
  const smallest = product?.minimumQuantity ?? 1;
  if (Number.isInteger(quantity) && quantity >= smallest && quantity <= largestQuantity) return null;
  const name = product?.name ?? 'It';
  const message = `${name} is sold in quantities from ${smallest} to ${largestQuantity}.`;
  return orderError('QUANTITY_OUT_OF_RANGE', field, message);
}

function priceOf(
  requested: RequestedItem,
  product: Product,
  { currency, day, agreed }: PriceSetting,
): Result<UnitPrice, OrderError> {
  const { unitPrice, pricePeriod } = agreed ?? agreedPriceFor(product, { currency }, day) ?? {};
  if (unitPrice !== undefined && pricePeriod !== undefined) return ok({ unitPrice, pricePeriod });
  const message = isOnSale(product, day)
    ? `${product.name} has no list price in ${currency}: ask sales.`
    : `${product.name} has no list price on ${day}: ask sales.`;
  return err(orderError('PRICE_NOT_FOUND', requested.codeField, message));
}

/** A discount that was asked for, else the one of the contract. */
function agreeDiscount(
  { discount: given, discountField }: RequestedItem,
  { unitPrice }: UnitPrice,
  { facts, agreed }: PriceSetting,
): Result<Discount | null, OrderError> {
  if (given == null) return ok(agreed?.discount ?? null);
  const refuse = (message: string) => err(orderError('DISCOUNT_INVALID', discountField, message));
  if (facts.audience !== 'internal') return refuse('Only sales may give a discount: leave it out.');
  const discount = readDiscount(given);
  if (discount === null) return refuse('Give exactly one of `percent` and `amount`.');
  const fault = discountFault(unitPrice, discount);
  if (fault !== null) return refuse(fault);
  return ok({ ...discount, value: formatDecimal(decimal(discount.value)) });
}

function readDiscount({ percent, amount, renews }: DiscountInput): Discount | null {
  const common = { renews: renews ?? false };
  if (percent != null && amount == null) return { kind: 'PERCENT', value: percent, ...common };
  if (amount != null && percent == null) return { kind: 'AMOUNT', value: amount, ...common };
  return null;
}

function kindError(
  { codeField }: RequestedItem,
  { name, deploymentKinds }: Product,
  kind: DeploymentKind,
): OrderError | null {
  if (deploymentKinds.includes(kind)) return null;
  const message = `${name} is not sold for ${kind}, only for ${deploymentKinds.join(', ')}.`;
  return orderError('DEPLOYMENT_NOT_ELIGIBLE', codeField, message);
}

/** The code is not repeated in the message: it may hold what cannot be stored with the answer. */
function productNotFound({ codeField, kind }: RequestedItem): OrderError {
  const what = kind === 'PLAN' ? 'plan' : 'add-on';
  const message = `There is no ${what} of this code; \`products\` lists what is sold.`;
  return orderError('PRODUCT_NOT_FOUND', codeField, message);
}
