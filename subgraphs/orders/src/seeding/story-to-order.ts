import type { AgreedItem, Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { changeLines } from '@fulfillment/kernel/domain/agreement/lines';
import { taxLine } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import { ourTaxStandings, tableRate } from '@fulfillment/kernel/domain/billing/tax/rate-table';
import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type {
  AccountStory,
  DeploymentStory,
  SubscriptionStory,
  TermStory,
} from '@fulfillment/kernel/population/story';
import type { Account } from '../domain/account/account.js';
import { type Price, priceOn, type Product } from '../domain/catalog/product.js';
import { amountsOf } from '../domain/order/amounts.js';
import { usualTermMonths } from '../domain/order/commercial-terms.js';
import type { Order, OrderLine, OrderParties } from '../domain/order/order.js';

export interface OrderStory {
  readonly account: AccountStory;
  /** Who pays: the account itself, or in a partner sale the distributor's or the partner's account. */
  readonly invoiceOwner: Pick<Account, 'id' | 'countryCode' | 'legalEntityCode'>;
  readonly deployment: DeploymentStory;
  readonly subscription: SubscriptionStory;
  readonly number: string;
}

/** The order of a story, as it was when it was fulfilled, at list prices. Its steps are told by other services. */
export function storyToOrder(story: OrderStory, products: ReadonlyMap<string, Product>): Order {
  const { account, deployment, subscription, invoiceOwner, number } = story;
  const [firstTerm] = subscription.terms;
  if (!firstTerm) throw new Error(`Subscription ${subscription.subscriptionId} has no term`);
  const agreement = agreementOf(story, firstTerm, products);
  const lines = linesOf(subscription, agreement, rateOf(invoiceOwner, firstTerm.startDate));
  const { id, kind, externalId, name } = deployment;
  return {
    id: subscription.orderId,
    number,
    status: 'FULFILLED',
    ...partiesOf(account, invoiceOwner.id, subscription),
    currency: account.currency,
    effectiveDate: firstTerm.startDate,
    placedAt: subscription.placedAt,
    placedBy: subscription.placedBy,
    purchaseOrderNumber: subscription.purchaseOrderNumber,
    actions: [
      {
        id: subscription.actionId,
        position: 1,
        subscriptionId: subscription.subscriptionId,
        baseVersion: null,
        deployment: { id, kind, externalId, name },
        change: { kind: 'CREATE_SUBSCRIPTION', agreement },
      },
    ],
    lines,
    total: amountsOf(lines, account.currency).total,
    told: [],
    refusalReason: null,
    // Placed, then fulfilled.
    version: 2,
  };
}

/** The account that pays for what a story tells. */
export function invoiceOwnerIdOf(account: AccountStory, { seller }: SubscriptionStory): string {
  return seller?.distributor?.accountId ?? seller?.accountId ?? account.id;
}

function partiesOf(
  account: AccountStory,
  invoiceOwnerAccountId: string,
  { seller }: SubscriptionStory,
): OrderParties {
  return {
    accountId: account.id,
    invoiceOwnerAccountId,
    partnerId: seller?.id ?? null,
    distributorId: seller?.distributor?.id ?? null,
  };
}

function agreementOf(
  { account, subscription }: OrderStory,
  { startDate, endDate, months }: TermStory,
  products: ReadonlyMap<string, Product>,
): Agreement {
  return {
    currency: account.currency,
    term: { startDate, endDate, months },
    trial: subscription.trial,
    billing: { period: 'YEAR', anchor: startDate, policy: 'ACTUAL_DAYS' },
    renewal: {
      automatic: subscription.autoRenewal,
      termMonths: months ?? usualTermMonths,
      upliftPercent: '0',
      planned: [],
    },
    subscriptionTerms: { decreaseAtOnce: false },
    items: itemsOf(subscription, startDate, products),
    suspendedOn: null,
    canceledOn: null,
  };
}

function itemsOf(
  { planCode, quantity, addOns }: SubscriptionStory,
  day: LocalDate,
  products: ReadonlyMap<string, Product>,
): AgreedItem[] {
  return [{ productCode: planCode, quantity }, ...addOns].map((wanted) => {
    const product = products.get(wanted.productCode);
    if (!product) throw new Error(`${wanted.productCode} is not on the price list`);
    const { unitPrice, pricePeriod } = priceFor(product, day);
    const { code: productCode, name: productName, kind: productKind } = product;
    return {
      productCode,
      productName,
      productKind,
      quantity: wanted.quantity,
      unitPrice,
      pricePeriod,
      discount: null,
    };
  });
}

/** A story may begin before our price list does; its price is then the oldest that we have. */
function priceFor(product: Product, day: LocalDate): Price {
  const price = priceOn(product, 'USD', day) ?? product.prices[0];
  if (!price) throw new Error(`${product.code} has no price`);
  return price;
}

function rateOf({ countryCode, legalEntityCode }: OrderStory['invoiceOwner'], on: LocalDate): TaxRate {
  const rate = tableRate(ourTaxStandings, {
    legalEntityCode,
    buyerCountryCode: countryCode,
    buyerIsBusiness: true,
    taxCategory: 'STANDARD',
    on,
  });
  if (!rate.ok) throw new Error(`No tax rate is known for ${countryCode}: ${rate.error}`);
  return rate.value;
}

function linesOf(
  { actionId, subscriptionId }: SubscriptionStory,
  after: Agreement,
  rate: TaxRate,
): OrderLine[] {
  const on = after.term.startDate;
  return changeLines({ before: null, after, on, today: on }).map((line, index) => ({
    ...line,
    tax: taxLine(line.amount, rate),
    position: index + 1,
    actionPosition: 1,
    actionId,
    subscriptionId,
  }));
}
