import type { Resolvers } from '../__generated__/resolvers.js';
import { Account } from './Account.js';
import { CreateSubscriptionAction } from './CreateSubscriptionAction.js';
import { Entitlements } from './Entitlements.js';
import { placeOrder } from './Mutation/placeOrder.js';
import { rebuildProjection } from './Mutation/rebuildProjection.js';
import { redeliverEvents } from './Mutation/redeliverEvents.js';
import { Offer } from './Offer.js';
import { Order } from './Order.js';
import { OrderLine } from './OrderLine.js';
import { Partner } from './Partner.js';
import { Product } from './Product.js';
import { account } from './Query/account.js';
import { accounts } from './Query/accounts.js';
import { failedDeliveries } from './Query/failedDeliveries.js';
import { order } from './Query/order.js';
import { orders } from './Query/orders.js';
import { previewOrder } from './Query/previewOrder.js';
import { products } from './Query/products.js';
import { projectionRebuilds } from './Query/projectionRebuilds.js';

export const resolvers: Resolvers = {
  Query: { account, accounts, order, orders, previewOrder, products, failedDeliveries, projectionRebuilds },
  Mutation: { placeOrder, rebuildProjection, redeliverEvents },
  Account,
  CreateSubscriptionAction,
  Entitlements,
  Offer,
  Order,
  OrderLine,
  Partner,
  Product,
};
