import { addMonths } from '@fulfillment/kernel/domain/calendar';
import type { LocalPeriod } from '@fulfillment/kernel/domain/period';
import type { OrderedItem, OrderHead } from '../placed-order.js';
import type { Deployment, NewSubscription, SubscriptionItem } from '../subscription.js';
import type { ActionRules, ActionSetting } from './action-rules.js';

/** The action that creates a subscription for a deployment. */
export interface CreateSubscription {
  readonly kind: 'CREATE_SUBSCRIPTION';
  readonly subscriptionId: string;
  readonly deployment: Deployment;
  readonly termMonths: number;
  readonly autoRenewal: boolean;
  readonly items: readonly OrderedItem[];
}

export const createSubscription: ActionRules<CreateSubscription> = {
  refusal({ items, deployment }) {
    if (hasOnePlan(items)) return null;
    const message = `The subscription for ${deployment.externalId} needs exactly one plan, and each product once.`;
    return { code: 'PLAN_INVALID', message };
  },

  chargedFor: (action, order) => ({ items: action.items, servicePeriod: firstTerm(action, order) }),

  newSubscriptions: (action, setting) => [newSubscription(action, setting)],
};

/** The subscription that an action creates, with its first version. */
export function newSubscription(
  action: CreateSubscription,
  { order, soldTo, at }: ActionSetting,
): NewSubscription {
  const { start: startDate, end: endDate } = firstTerm(action, order);
  return {
    id: action.subscriptionId,
    deployment: action.deployment,
    currency: order.currency,
    first: {
      version: 1,
      cause: 'ORDER',
      orderId: order.id,
      recordedBy: order.placedBy,
      recordedAt: at,
      effectiveOn: order.effectiveDate,
      accountId: order.accountId,
      invoiceOwnerAccountId: order.invoiceOwnerAccountId,
      partnerOfRecordId: order.partnerId,
      distributorId: order.distributorId,
      billingTimeZone: soldTo.billingTimeZone,
      trial: false,
      autoRenewal: action.autoRenewal,
      term: { startDate, endDate, months: action.termMonths },
      canceledOn: null,
      items: action.items.map(agreedItem),
    },
  };
}

function firstTerm({ termMonths }: CreateSubscription, { effectiveDate }: OrderHead): LocalPeriod {
  return { start: effectiveDate, end: addMonths(effectiveDate, termMonths) };
}

function hasOnePlan(items: readonly OrderedItem[]): boolean {
  const codes = new Set(items.map((item) => item.productCode));
  return codes.size === items.length && items.filter((item) => item.productKind === 'PLAN').length === 1;
}

/** What was agreed, without the product's name: that is orders' to say. */
function agreedItem(item: OrderedItem): SubscriptionItem {
  const { productCode, productKind, quantity, unitPrice, pricePeriod, billingPeriod } = item;
  return { productCode, productKind, quantity, unitPrice, pricePeriod, billingPeriod };
}
