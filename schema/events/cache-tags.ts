import type { z } from 'zod';
import type { GrantPayload } from './envelope.js';
import type { Topic, topics } from './topics.js';

/**
 * What an answer of a service may depend on, and what an event says has changed. An answer that names one of these no
 * longer holds once its service has told of a change of the same.
 */
export type CacheTag =
  | `account:${string}`
  | `partner:${string}`
  | `subscription:${string}`
  | `deployment:${string}`
  | `order:${string}`
  | 'catalog'
  | 'offer-rules';

type PayloadOf<T extends Topic> = z.infer<(typeof topics)[T]['payload']>;

type TagsOfTopic = { readonly [T in Topic]: (payload: PayloadOf<T>) => readonly CacheTag[] };

const account = (id: string): CacheTag => `account:${id}`;
const partner = (id: string): CacheTag => `partner:${id}`;
const deployment = (id: string): CacheTag => `deployment:${id}`;
const order = (id: string): CacheTag => `order:${id}`;
const subscription = (id: string): CacheTag => `subscription:${id}`;

const each = (tag: (id: string) => CacheTag, ...ids: readonly (string | null)[]): CacheTag[] =>
  ids.filter((id) => id !== null).map(tag);

/** Those between whom something was agreed: who uses it, who pays, who sells it. */
interface Parties {
  readonly accountId: string;
  readonly invoiceOwnerAccountId: string;
  readonly distributorId: string | null;
}

const parties = ({ accountId, invoiceOwnerAccountId, distributorId }: Parties, seller: string | null) => [
  ...each(account, accountId, invoiceOwnerAccountId),
  ...each(partner, seller, distributorId),
];

const grant = ({ subject, object }: GrantPayload): CacheTag[] => [
  subject.kind === 'ACCOUNT' ? account(subject.id) : partner(subject.id),
  ...(object.kind === 'SUBSCRIPTION' ? [subscription(object.id)] : []),
];

const step = ({ orderId, subscriptionId }: { orderId: string; subscriptionId: string | null }) => [
  order(orderId),
  ...each(subscription, subscriptionId),
];

/** The account that pays, the order and the subscriptions of a document. */
const document = (payload: {
  readonly invoiceOwnerAccountId: string;
  readonly orderId: string | null;
  readonly subscriptionIds: readonly string[];
}): CacheTag[] => [
  account(payload.invoiceOwnerAccountId),
  ...each(order, payload.orderId),
  ...each(subscription, ...payload.subscriptionIds),
];

/** What each event changes, in the service that tells it and in each that takes it in. */
const tagsOfTopic: TagsOfTopic = {
  'orders.account': ({ id }) => [account(id)],
  'orders.contact': ({ accountId }) => [account(accountId)],
  'orders.product': () => ['catalog'],
  'orders.order': (payload) => [order(payload.id), ...parties(payload, payload.partnerId)],
  'orders.quote': (payload) => parties(payload, payload.partnerId),
  'orders.checkout': ({ accountId }) => [account(accountId)],
  'orders.offer-rule': () => ['offer-rules'],
  'orders.offer-dismissal': ({ deploymentId }) => [deployment(deploymentId)],
  'orders.feature-interest': ({ deploymentId }) => [deployment(deploymentId)],
  'orders.lead': () => [],
  'orders.grant': grant,
  'subscriptions.billing-subscription': (payload) => [
    subscription(payload.id),
    deployment(payload.deployment.id),
    ...parties(payload, payload.partnerOfRecordId),
    ...each(order, payload.orderId),
  ],
  'subscriptions.invoice': document,
  'subscriptions.credit-memo': document,
  'subscriptions.payment': ({ invoiceOwnerAccountId }) => [account(invoiceOwnerAccountId)],
  'subscriptions.write-off': ({ invoiceOwnerAccountId }) => [account(invoiceOwnerAccountId)],
  'subscriptions.adjustment': () => [],
  'subscriptions.partner-invoice-posted': ({ partnerId }) => [partner(partnerId)],
  'subscriptions.reminder-sent': ({ invoiceOwnerAccountId }) => [account(invoiceOwnerAccountId)],
  'subscriptions.fulfillment-step': step,
  'subscriptions.due-work': () => [],
  'subscriptions.pending-payment': () => [],
  'subscriptions.test-clock': ({ accountId }) => [account(accountId)],
  'subscriptions.grant': grant,
  'licenses.deployment': ({ id, accountId }) => [deployment(id), account(accountId)],
  'licenses.add-on-seats': ({ deploymentId }) => [deployment(deploymentId)],
  'licenses.seat-usage': ({ deploymentId }) => [deployment(deploymentId)],
  'licenses.license': ({ accountId, deploymentId, subscriptionId }) => [
    account(accountId),
    deployment(deploymentId),
    subscription(subscriptionId),
  ],
  'licenses.license-delivery': () => [],
  'licenses.usage-notice': () => [],
  'licenses.due-work': () => [],
  'licenses.allowance': ({ deploymentId }) => [deployment(deploymentId)],
  'licenses.allowance-threshold': ({ deploymentId }) => [deployment(deploymentId)],
  'licenses.feature-use': ({ deploymentId }) => [deployment(deploymentId)],
  'licenses.entitlement-grant': ({ deploymentId, accountId }) => [
    ...each(deployment, deploymentId),
    ...each(account, accountId),
  ],
  'licenses.grace-ended': ({ deploymentId, accountId }) => [deployment(deploymentId), account(accountId)],
  'licenses.fulfillment-step': step,
  'partners.partner': ({ id, accountId }) => [partner(id), account(accountId)],
  'partners.commission-earned': ({ partnerId }) => [partner(partnerId)],
  'partners.grant': grant,
};

/** What an event changes, each once. */
export function cacheTagsOf<T extends Topic>(topic: T, payload: PayloadOf<T>): readonly CacheTag[] {
  return [...new Set(tagsOfTopic[topic](payload))];
}

/** The channel of the bus's database on which services tell of changes. */
export const changesChannel = 'fulfillment_changes';

/** What a service says on the channel, as JSON: something of these has changed in its database. At most 8,000 bytes. */
export interface ChangeNotice {
  readonly service: string;
  /** A notice that is told again has the same id. */
  readonly id: string;
  readonly tags: readonly CacheTag[];
}
