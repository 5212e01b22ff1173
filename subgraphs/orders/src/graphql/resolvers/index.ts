import type { Resolvers } from '../__generated__/resolvers.js';
import { Account } from './Account.js';
import { AddProductAction } from './AddProductAction.js';
import { CancelAction } from './CancelAction.js';
import { ChangePlanAction } from './ChangePlanAction.js';
import { ChangeQuantityAction } from './ChangeQuantityAction.js';
import { ChangeTermsAction } from './ChangeTermsAction.js';
import { ConvertTrialAction } from './ConvertTrialAction.js';
import { CreateSubscriptionAction } from './CreateSubscriptionAction.js';
import { ExtendTrialAction } from './ExtendTrialAction.js';
import { RemoveProductAction } from './RemoveProductAction.js';
import { RenewAction } from './RenewAction.js';
import { TransferOwnerAction } from './TransferOwnerAction.js';
import { Entitlements } from './Entitlements.js';
import { openSandboxAccount } from './Mutation/openSandboxAccount.js';
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
  Mutation: { openSandboxAccount, placeOrder, rebuildProjection, redeliverEvents },
  Account,
  AddProductAction,
  CancelAction,
  ChangePlanAction,
  ChangeQuantityAction,
  ChangeTermsAction,
  ConvertTrialAction,
  CreateSubscriptionAction,
  ExtendTrialAction,
  RemoveProductAction,
  RenewAction,
  TransferOwnerAction,
  Entitlements,
  Offer,
  Order,
  OrderLine,
  Partner,
  Product,
};
