import { randomUUID } from 'node:crypto';
import { deploymentId, type DeploymentKind } from '@fulfillment/kernel/domain/ids';
import type { PayloadOf } from '@fulfillment/kernel/server/messaging/outbox';
import { grantId } from '@fulfillment/kernel/server/visibility/grants';
import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import type { ContactPayload, ProductPayload } from '@fulfillment/schema/events/orders';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import type { Topic } from '@fulfillment/schema/events/topics';

/** What brings events to the service: the test kit's harness. */
interface Deliveries {
  deliver<T extends Topic>(
    topic: T,
    payload: PayloadOf<T>,
    event: { aggregateId: string; sequence?: number; occurredAt?: Date; id?: string },
  ): Promise<unknown>;
}

/** The instant at which the tests live. */
export const now = new Date('2026-06-15T12:00:00Z');

/** A deployment as events refer to it, with an external id of its own. */
export function newDeployment(
  name = 'Acme platform',
  kind: DeploymentKind = 'SAAS_NAMESPACE',
): BillingSubscriptionPayload['deployment'] {
  const externalId = `group-${randomUUID()}`;
  return { id: deploymentId(kind, externalId), kind, externalId, name };
}

type Agreement = BillingSubscriptionPayload['agreement'];

/**
 * Ten seats of PREMIUM for the year 2026, by order, direct. `agreed` says what is different in the agreement, `more` what is
 * elsewhere.
 */
export function newSubscription(
  agreed: Partial<Agreement> = {},
  more: Partial<BillingSubscriptionPayload> = {},
): BillingSubscriptionPayload {
  const accountId = more.accountId ?? randomUUID();
  const orderId = more.orderId === undefined ? randomUUID() : more.orderId;
  return {
    id: randomUUID(),
    number: 'S-00000001',
    accountId,
    invoiceOwnerAccountId: accountId,
    partnerOfRecordId: null,
    distributorId: null,
    deployment: newDeployment(),
    billingTimeZone: 'Europe/Berlin',
    cause: 'ORDER',
    orderId,
    recentOrders: orderId === null ? [] : [{ orderId, version: 1 }],
    effectiveOn: '2026-01-01',
    agreement: {
      currency: 'USD',
      term: { startDate: '2026-01-01', endDate: '2027-01-01', months: 12 },
      trial: false,
      billing: { period: 'YEAR', anchor: '2026-01-01', policy: 'ACTUAL_DAYS' },
      renewal: { automatic: true, termMonths: 12, upliftPercent: '0', planned: [] },
      subscriptionTerms: { decreaseAtOnce: true },
      items: [planItem('PREMIUM', 10)],
      suspendedOn: null,
      canceledOn: null,
      ...agreed,
    },
    ...more,
  };
}

/** A later version of a subscription that no order brought about. */
export function changed(
  before: BillingSubscriptionPayload,
  agreed: Partial<Agreement>,
  more: Partial<BillingSubscriptionPayload> = {},
): BillingSubscriptionPayload {
  return { ...before, orderId: null, agreement: { ...before.agreement, ...agreed }, ...more };
}

/** A later version of a subscription, by an order of its own. */
export function ordered(
  before: BillingSubscriptionPayload,
  version: number,
  agreed: Partial<Agreement> = {},
  more: Partial<BillingSubscriptionPayload> = {},
): BillingSubscriptionPayload {
  const orderId = randomUUID();
  const recentOrders = [{ orderId, version }, ...before.recentOrders];
  return changed(before, agreed, { orderId, recentOrders, ...more });
}

type Item = Agreement['items'][number];

export function planItem(productCode: string, quantity: number): Item {
  return newItem({ productCode, productKind: 'PLAN', quantity, pricePeriod: 'MONTH' });
}

export function addOnItem(
  productCode: string,
  quantity: number,
  pricePeriod: Item['pricePeriod'] = 'YEAR',
): Item {
  return newItem({ productCode, productKind: 'ADD_ON', quantity, pricePeriod });
}

function newItem(item: Pick<Item, 'productCode' | 'productKind' | 'quantity' | 'pricePeriod'>): Item {
  return { ...item, productName: item.productCode, unitPrice: '29', discount: null };
}

const products: readonly ProductPayload[] = [
  {
    code: 'FREE',
    name: 'Free',
    kind: 'PLAN',
    rank: 0,
    features: [{ key: 'issues', name: 'Issues', kind: 'ON_OFF', quantity: null }],
  },
  {
    code: 'PREMIUM',
    name: 'Premium',
    kind: 'PLAN',
    rank: 1,
    features: [
      { key: 'issues', name: 'Issues', kind: 'ON_OFF', quantity: null },
      { key: 'storage', name: 'Storage in GiB', kind: 'LIMIT', quantity: 10 },
      { key: 'compute', name: 'Compute minutes', kind: 'METERED_ALLOWANCE', quantity: 10_000 },
    ],
  },
  {
    code: 'STORAGE',
    name: 'Storage',
    kind: 'ADD_ON',
    rank: null,
    features: [{ key: 'storage', name: 'Storage in GiB', kind: 'LIMIT', quantity: 10 }],
  },
];

export async function deliverProducts(service: Deliveries): Promise<void> {
  for (const product of products) {
    await service.deliver('orders.product', product, { aggregateId: product.code });
  }
}

/** Delivers a subscription's snapshot: its first version unless another is named. */
export async function deliverSubscription(
  service: Deliveries,
  subscription: BillingSubscriptionPayload,
  sequence = 1,
  id?: string,
): Promise<void> {
  await service.deliver('subscriptions.billing-subscription', subscription, {
    aggregateId: subscription.id,
    sequence,
    occurredAt: now,
    ...(id === undefined ? {} : { id }),
  });
}

/** Lets an account see itself, as orders does for every account. */
export function grantAccount(service: Deliveries, accountId: string): Promise<unknown> {
  return deliverGrant(
    service,
    'orders.grant',
    { kind: 'ACCOUNT', id: accountId },
    { kind: 'ACCOUNT', id: accountId },
  );
}

/** Lets a partner see one subscription, as subscriptions does for the partner of record. */
export function grantSubscription(
  service: Deliveries,
  partnerId: string,
  subscriptionId: string,
  until: string | null = null,
): Promise<unknown> {
  const object = { kind: 'SUBSCRIPTION', id: subscriptionId } as const;
  return deliverGrant(service, 'subscriptions.grant', { kind: 'PARTNER', id: partnerId }, object, until);
}

export function deliverGrant(
  service: Deliveries,
  topic: 'orders.grant' | 'subscriptions.grant' | 'partners.grant',
  subject: GrantPayload['subject'],
  object: GrantPayload['object'],
  until: string | null = null,
): Promise<unknown> {
  const grant = { subject, object, from: '2020-01-01T00:00:00Z', until };
  return service.deliver(topic, grant, { aggregateId: grantId(grant) });
}

/** Says who at an account is written to about what. */
export function deliverContact(
  service: Deliveries,
  contact: Omit<ContactPayload, 'id' | 'name' | 'language'>,
  { id = randomUUID(), sequence = 1 }: { readonly id?: string; readonly sequence?: number } = {},
): Promise<unknown> {
  const payload = { id, name: `Contact of ${contact.email}`, language: 'en', ...contact };
  return service.deliver('orders.contact', payload, { aggregateId: id, sequence });
}
