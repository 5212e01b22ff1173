import { RowCollector } from '@fulfillment/kernel/population/row-collector';
import {
  seededEvent,
  type CreateSeeder,
  type ServiceSeeder,
  type TableRows,
} from '@fulfillment/kernel/population/seeder';
import type { AccountStory, StoryBatch, SubscriptionStory } from '@fulfillment/kernel/population/story';
import { columnsOf } from '@fulfillment/kernel/server/entity-rows';
import { grantId } from '@fulfillment/kernel/server/visibility/grants';
import {
  fulfillmentStepPayload,
  type EventEnvelope,
  type GrantPayload,
} from '@fulfillment/schema/events/envelope';
import { deploymentPayload } from '@fulfillment/schema/events/licenses';
import { leadPayload } from '@fulfillment/schema/events/orders';
import { partnerPayload } from '@fulfillment/schema/events/partners';
import { billingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { priceList } from './catalog/price-list.js';
import { localReceiver } from './crm/local-receiver.js';
import type { Account } from './domain/account/account.js';
import { type Order, orderNumber } from './domain/order/order.js';
import { accountToRow } from './persistence/account-rows.js';
import { contactToRow } from './persistence/contact-rows.js';
import { accountEntity, contactEntity } from './persistence/entities.js';
import {
  knownDeploymentEntity,
  knownPartnerEntity,
  knownSubscriptionEntity,
} from './persistence/known-entities.js';
import {
  fulfillmentStepEntity,
  orderActionEntity,
  orderEntity,
  orderLineEntity,
} from './persistence/order-entities.js';
import { leadDeliveryEntity, leadEntity, leadEventEntity } from './persistence/lead-entities.js';
import { leadEventToRow, leadToRow } from './persistence/lead-rows.js';
import { orderToRows, stepToRow } from './persistence/order-rows.js';
import { storyToLead } from './seeding/story-to-lead.js';
import { invoiceOwnerIdOf, storyToOrder } from './seeding/story-to-order.js';
import { toKnownDeployment, toKnownPartner, toKnownSubscription } from './service/known.js';
import { toLeadPayload } from './service/leads/touch-lead.js';
import {
  grantsOf,
  grantsOfAccount,
  toAccountPayload,
  toContactPayload,
  toOrderPayload,
} from './service/promises.js';
import { toToldStep } from './service/record-fulfillment-step.js';

/** Turns the population into accounts with their contacts, and orders at list prices. */
export const createSeeder: CreateSeeder = () => new OrdersSeeder();

const products = new Map(priceList.products.map((product) => [product.code, product]));

class OrdersSeeder implements ServiceSeeder {
  #orders = 0n;
  /** Partners' accounts come in the first batch and pay for what later ones buy. */
  readonly #partnerAccounts = new Map<string, AccountStory>();

  own({ partners, accounts }: StoryBatch): { rows: TableRows[]; events: EventEnvelope[] } {
    const rows = new RowCollector();
    for (const { account } of partners) this.#partnerAccounts.set(account.id, account);
    const stories = [...partners.map(({ account }) => account), ...accounts];
    const opened = stories.flatMap((story) => storeAccount(story, rows));
    const ordered = stories.flatMap((story) => this.#storeOrders(story, rows));
    return { rows: rows.tables(), events: [...opened, ...ordered] };
  }

  project(events: readonly EventEnvelope[]): TableRows[] {
    const rows = new RowCollector();
    for (const event of events) storeKnown(event, rows);
    return rows.tables();
  }

  finish(): string[] {
    return [`SELECT setval('order_number', greatest(1, (SELECT count(*) FROM orders)))`];
  }

  #payer(account: AccountStory, subscription: SubscriptionStory): AccountStory {
    const id = invoiceOwnerIdOf(account, subscription);
    const payer = id === account.id ? account : this.#partnerAccounts.get(id);
    if (!payer) throw new Error(`The partner's account ${id} was not told`);
    return payer;
  }

  #storeOrders(account: AccountStory, rows: RowCollector): EventEnvelope[] {
    return account.deployments.flatMap((deployment) => {
      const { subscription } = deployment;
      if (!subscription) return [];
      this.#orders += 1n;
      const number = orderNumber(this.#orders);
      const invoiceOwner = this.#payer(account, subscription);
      const story = { account, invoiceOwner, deployment, subscription, number };
      const order = storyToOrder(story, products);
      return [...storeOrder(order, rows), ...storeLead(account, order, rows)];
    });
  }
}

/** A contact that came with its account. */
const asOpened = { language: 'en', version: 1, until: null, setBy: 'service:orders' } as const;

function storeAccount({ contacts, ...story }: AccountStory, rows: RowCollector): EventEnvelope[] {
  const { id, name, countryCode, billingTimeZone, currency, segment, legalEntityCode } = story;
  const { paymentTermsDays, createdAt } = story;
  const account: Account = {
    id,
    name,
    countryCode,
    billingTimeZone,
    currency,
    segment,
    legalEntityCode,
    paymentTermsDays,
    sandbox: false,
    createdAt,
    version: 1,
  };
  rows.add('account', columnsOf(accountEntity, accountToRow(account)));
  const contactsAtFirst = contacts.map((contact) => ({
    ...contact,
    ...asOpened,
    accountId: id,
    since: createdAt,
  }));
  for (const contact of contactsAtFirst) rows.add('contact', columnsOf(contactEntity, contactToRow(contact)));
  const contactsTold = contactsAtFirst.map((contact) =>
    seededEvent({
      topic: 'orders.contact',
      kind: 'SNAPSHOT',
      aggregateId: contact.id,
      sequence: contact.version,
      occurredAt: createdAt.toISOString(),
      payload: toContactPayload(contact),
    }),
  );
  const told = seededEvent({
    topic: 'orders.account',
    kind: 'SNAPSHOT',
    aggregateId: id,
    sequence: account.version,
    occurredAt: createdAt.toISOString(),
    payload: toAccountPayload(account),
  });
  return [told, ...contactsTold, ...grantsTold(grantsOfAccount(account), createdAt)];
}

/** A trial is a lead of the person whom we write to, as it would have been when the subscription was told of. */
function storeLead(account: AccountStory, order: Order, rows: RowCollector): EventEnvelope[] {
  const step = storyToLead(account, order);
  if (step === null) return [];
  const { lead, events } = step;
  rows.add('lead', columnsOf(leadEntity, leadToRow(lead)));
  for (const event of events) {
    rows.add('lead_event', columnsOf(leadEventEntity, leadEventToRow(lead.id, event)));
  }
  return [
    seededEvent({
      topic: 'orders.lead',
      kind: 'SNAPSHOT',
      aggregateId: lead.id,
      sequence: lead.version,
      occurredAt: lead.updatedAt.toISOString(),
      payload: toLeadPayload(step, { accountName: account.name, sandbox: false }),
    }),
  ];
}

function storeOrder(order: Order, rows: RowCollector): EventEnvelope[] {
  const { order: head, actions, lines } = orderToRows(order);
  rows.add('orders', columnsOf(orderEntity, head));
  for (const action of actions) rows.add('order_action', columnsOf(orderActionEntity, action));
  for (const line of lines) rows.add('order_line', columnsOf(orderLineEntity, line));
  const told = seededEvent({
    topic: 'orders.order',
    kind: 'SNAPSHOT',
    aggregateId: order.id,
    sequence: order.version,
    occurredAt: order.placedAt.toISOString(),
    payload: toOrderPayload(order),
  });
  return [told, ...grantsTold(grantsOf(order, order.placedAt), order.placedAt)];
}

function grantsTold(grants: readonly GrantPayload[], at: Date): EventEnvelope[] {
  return grants.map((payload) =>
    seededEvent({
      topic: 'orders.grant',
      kind: 'SNAPSHOT',
      aggregateId: grantId(payload),
      sequence: 1,
      occurredAt: at.toISOString(),
      payload,
    }),
  );
}

/** What taking the event in comes to in our own tables; grants are the kernel's. */
function storeKnown({ topic, payload, sequence, occurredAt }: EventEnvelope, rows: RowCollector): void {
  switch (topic) {
    case 'partners.partner': {
      const partner = toKnownPartner(partnerPayload.parse(payload));
      return rows.add('known_partner', columnsOf(knownPartnerEntity, partner));
    }
    case 'subscriptions.billing-subscription': {
      const subscription = toKnownSubscription(billingSubscriptionPayload.parse(payload), sequence);
      return rows.add('known_subscription', columnsOf(knownSubscriptionEntity, subscription));
    }
    case 'licenses.deployment': {
      const deployment = toKnownDeployment(deploymentPayload.parse(payload));
      return rows.add('known_deployment', columnsOf(knownDeploymentEntity, deployment));
    }
    case 'orders.lead': {
      const { id: leadId } = leadPayload.parse(payload);
      const delivery = { leadId, version: sequence, receiver: localReceiver.name, at: new Date(occurredAt) };
      return rows.add('lead_delivery', columnsOf(leadDeliveryEntity, delivery));
    }
    case 'subscriptions.fulfillment-step':
    case 'licenses.fulfillment-step': {
      const told = fulfillmentStepPayload.parse(payload);
      const step = stepToRow(told.orderId, toToldStep(told));
      return rows.add('fulfillment_step', columnsOf(fulfillmentStepEntity, step));
    }
  }
}
