import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import { type Price, priceOn, type Product } from './product.js';

/** What a price depends on besides the product and the day. */
export interface PricedFor {
  /** The invoice owner's. */
  readonly currency: CurrencyCode;
}

/**
 * The price at which a product is sold to a buyer on a day; null when it is sold on request alone. Orders, previews and
 * offers all ask here, so what is offered is what is charged. Without price terms it is the list price; price terms, such
 * as a partner's discount or a special price, go here, with the facts that they need in `PricedFor`.
 */
export function agreedPriceFor(product: Product, buyer: PricedFor, day: LocalDate): Price | null {
  return priceOn(product, buyer.currency, day);
}
