import { sum } from '@fulfillment/kernel/domain/money';
import type { AccountStory, DeploymentStory, SubscriptionStory } from '@fulfillment/kernel/population/story';
import { type Price, priceOn, type Product } from '../domain/catalog/product.js';
import { type RatedItem, rateItem } from '../domain/order/actions/subscription-item.js';
import type { Order, OrderLine, OrderParties } from '../domain/order/order.js';

/** A trial is counted in days; its order names the shortest term that an order can. */
const trialMonths = 1;

export interface OrderStory {
  readonly account: AccountStory;
  readonly deployment: DeploymentStory;
  readonly subscription: SubscriptionStory;
  readonly number: string;
}

/** The order of a story, as it was when it was fulfilled, at list prices. Its steps are told by other services. */
export function storyToOrder(story: OrderStory, products: ReadonlyMap<string, Product>): Order {
  const { account, subscription, number } = story;
  const [firstTerm] = subscription.terms;
  if (!firstTerm) throw new Error(`Subscription ${subscription.subscriptionId} has no term`);
  const rated = ratedItems(subscription, products);
  const lines = subscription.trial ? [] : linesOf(subscription, rated);
  const amounts = lines.map(({ amount }) => amount);
  return {
    id: subscription.orderId,
    number,
    status: 'FULFILLED',
    ...partiesOf(account, subscription),
    currency: account.currency,
    effectiveDate: firstTerm.startDate,
    placedAt: subscription.placedAt,
    placedBy: subscription.placedBy,
    purchaseOrderNumber: subscription.purchaseOrderNumber,
    actions: [actionOf(story, rated)],
    lines,
    total: sum(amounts, account.currency),
    told: [],
    refusalReason: null,
    // Placed, then fulfilled.
    version: 2,
  };
}

function partiesOf(account: AccountStory, { seller }: SubscriptionStory): OrderParties {
  return {
    accountId: account.id,
    invoiceOwnerAccountId: seller?.distributor?.accountId ?? seller?.accountId ?? account.id,
    partnerId: seller?.id ?? null,
    distributorId: seller?.distributor?.id ?? null,
  };
}

function ratedItems(
  { planCode, quantity, addOns, terms: [firstTerm] }: SubscriptionStory,
  products: ReadonlyMap<string, Product>,
): [RatedItem, ...RatedItem[]] {
  const rate = (productCode: string, count: number): RatedItem => {
    const product = products.get(productCode);
    if (!product || !firstTerm) throw new Error(`${productCode} is not on the price list`);
    const term = { start: firstTerm.startDate, end: firstTerm.endDate };
    return rateItem(product, priceFor(product, firstTerm.startDate), count, term);
  };
  return [rate(planCode, quantity), ...addOns.map((addOn) => rate(addOn.productCode, addOn.quantity))];
}

/** A story may begin before our price list does; its price is then the oldest that we have. */
function priceFor(product: Product, day: Parameters<typeof priceOn>[2]): Price {
  const price = priceOn(product, 'USD', day) ?? product.prices[0];
  if (!price) throw new Error(`${product.code} has no price`);
  return price;
}

function actionOf(
  { deployment, subscription }: OrderStory,
  rated: [RatedItem, ...RatedItem[]],
): Order['actions'][number] {
  const { id, kind, externalId, name } = deployment;
  const [plan, ...addOns] = rated;
  return {
    id: subscription.actionId,
    position: 1,
    subscriptionId: subscription.subscriptionId,
    kind: 'CREATE_SUBSCRIPTION',
    deployment: { id, kind, externalId, name },
    termMonths: subscription.terms[0]?.months ?? trialMonths,
    autoRenewal: subscription.autoRenewal,
    items: [plan.item, ...addOns.map(({ item }) => item)],
  };
}

function linesOf({ actionId, subscriptionId }: SubscriptionStory, rated: readonly RatedItem[]): OrderLine[] {
  return rated
    .flatMap(({ charges }) => charges)
    .map((charge, index) => ({ position: index + 1, actionId, subscriptionId, ...charge }));
}
