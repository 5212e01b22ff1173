import { fulfillmentStepId } from '@fulfillment/kernel/domain/ids';
import { RowCollector } from '@fulfillment/kernel/population/row-collector';
import {
  seededEvent,
  type CreateSeeder,
  type ServiceSeeder,
  type TableRows,
} from '@fulfillment/kernel/population/seeder';
import type {
  AccountStory,
  DeploymentStory,
  StoryBatch,
  SubscriptionStory,
} from '@fulfillment/kernel/population/story';
import { columnsOf } from '@fulfillment/kernel/server/entity-rows';
import type { EventEnvelope, FulfillmentStepPayload } from '@fulfillment/schema/events/envelope';
import {
  billingSubscriptionPayload,
  type BillingSubscriptionPayload,
} from '@fulfillment/schema/events/subscriptions';
import { contactPayload, type ContactPayload } from '@fulfillment/schema/events/orders';
import { partnerPayload } from '@fulfillment/schema/events/partners';
import type { AgreedSubscription } from './domain/agreed-subscription.js';
import { addressIdOf } from './domain/delivery.js';
import type { Deployment } from './domain/deployment.js';
import { activationCodeEntity, instanceEntity } from './persistence/activation-entities.js';
import { codeToRow, instanceToRow } from './persistence/activation-mapping.js';
import { contactEntity, knownAddressEntity, knownPartnerEntity } from './persistence/delivery-entities.js';
import { graceEnd } from './domain/entitlements/in-force.js';
import {
  allowanceReadingEntity,
  graceEndEntity,
  type GraceEndRow,
} from './persistence/entitlement-entities.js';
import { readingToRow } from './persistence/entitlement-mapping.js';
import {
  billingSubscriptionEntity,
  deploymentEntity,
  featureUsageEntity,
  fulfillmentStepEntity,
  licenseEntity,
} from './persistence/entities.js';
import { deploymentToRow, featureUseToRow, licenseToRow, subscriptionToRow } from './persistence/mapping.js';
import { grantsOf, storeGrants } from './seeding/grants.js';
import { activatedOf } from './seeding/instances.js';
import { licensesOf } from './seeding/licenses.js';
import { storeSeats } from './seeding/seats.js';
import { featureUsesOf, readingsOf } from './seeding/usage.js';
import { projectSubscription } from './service/projection.js';

/** Turns the population into deployments with their use and licenses. */
export const createSeeder: CreateSeeder = ({ today }) => new LicensesSeeder(today);

class LicensesSeeder implements ServiceSeeder {
  #deployments = 0;

  constructor(private readonly today: string) {}

  own(batch: StoryBatch, received: readonly EventEnvelope[]): { rows: TableRows[]; events: EventEnvelope[] } {
    const subscriptions = new Map(snapshots(received).map((snapshot) => [snapshot.payload.id, snapshot]));
    const rows = new RowCollector();
    const events = batch.accounts.flatMap((account) =>
      account.deployments.flatMap((deployment) => {
        const id = deployment.subscription?.subscriptionId;
        return this.#store(account, deployment, id === undefined ? undefined : subscriptions.get(id), rows);
      }),
    );
    return { rows: rows.tables(), events };
  }

  project(events: readonly EventEnvelope[]): TableRows[] {
    const rows = new RowCollector();
    for (const snapshot of snapshots(events)) {
      rows.add(
        'billing_subscription',
        columnsOf(billingSubscriptionEntity, subscriptionToRow(agreedOf(snapshot), snapshot.payload)),
      );
    }
    for (const { topic, sequence: version, payload } of events) {
      if (topic === 'partners.partner') {
        const { id, accountId, contactEmail } = partnerPayload.parse(payload);
        const partner = { id, accountId, addressId: addressIdOf(contactEmail), version };
        rows.add('known_partner', columnsOf(knownPartnerEntity, partner));
      }
      if (topic === 'orders.contact') storeContact(contactPayload.parse(payload), version, rows);
    }
    return rows.tables();
  }

  finish(): string[] {
    return [];
  }

  #store(
    account: AccountStory,
    story: DeploymentStory,
    snapshot: Snapshot | undefined,
    rows: RowCollector,
  ): EventEnvelope[] {
    const { id, kind, externalId, name, registeredAt } = story;
    const deployment: Deployment = {
      id,
      version: 1,
      kind,
      externalId,
      name,
      accountId: account.id,
      registeredAt,
    };
    rows.add('deployment', columnsOf(deploymentEntity, deploymentToRow(deployment)));
    const place = this.#deployments++;
    const activated = activatedOf(story, place);
    for (const code of activated.codes) {
      rows.add('activation_code', columnsOf(activationCodeEntity, codeToRow(code)));
    }
    for (const instance of activated.instances) {
      rows.add('instance', columnsOf(instanceEntity, instanceToRow(instance)));
    }
    const agreed = snapshot === undefined ? [] : [agreedOf(snapshot)];
    const seats = storeSeats(story, account.id, agreed, new Date(`${this.today}T00:00:00Z`), rows);
    for (const use of featureUsesOf(story)) {
      rows.add('feature_usage', columnsOf(featureUsageEntity, featureUseToRow(id, use)));
    }
    for (const reading of readingsOf(story, this.today)) {
      rows.add('allowance_reading', columnsOf(allowanceReadingEntity, readingToRow(id, reading)));
    }
    const grants = storeGrants(grantsOf(story, place, this.today), rows);
    const told = seededEvent({
      topic: 'licenses.deployment',
      kind: 'SNAPSHOT',
      aggregateId: id,
      sequence: 1,
      occurredAt: registeredAt.toISOString(),
      payload: { id, kind, externalId, name, accountId: account.id },
    });
    if (!snapshot || !story.subscription) return [told, ...seats, ...grants];
    rows.add('grace_end', columnsOf(graceEndEntity, graceEndOf(agreedOf(snapshot), this.today)));
    for (const license of licensesOf(story.subscription, snapshot.payload)) {
      rows.add('license', columnsOf(licenseEntity, licenseToRow(license)));
    }
    return [told, ...seats, ...grants, ...fulfillmentSteps(story.subscription, rows)];
  }
}

function storeContact(payload: ContactPayload, version: number, rows: RowCollector): void {
  const { id, accountId, name, email, role } = payload;
  const address = { contactId: id, accountId, addressId: addressIdOf(email), version };
  rows.add('known_address', columnsOf(knownAddressEntity, address));
  if (role === 'SOLD_TO')
    rows.add('contact', columnsOf(contactEntity, { id, accountId, name, email, version }));
}

/** What is over before today was told then. */
function graceEndOf(subscription: AgreedSubscription, today: string): GraceEndRow {
  const { id: subscriptionId, accountId } = subscription;
  const endsAt = graceEnd(subscription);
  const isOver = endsAt <= new Date(`${today}T00:00:00Z`);
  return { subscriptionId, accountId, endsAt, toldAt: isOver ? endsAt : null };
}

function fulfillmentSteps(
  { orderId, subscriptionId, placedAt: at }: SubscriptionStory,
  rows: RowCollector,
): EventEnvelope[] {
  return (['ENTITLEMENTS_GRANTED', 'LICENSE_ISSUED'] as const).map((kind) => {
    const step: FulfillmentStepPayload = {
      orderId,
      subscriptionId,
      kind,
      status: 'DONE',
      at: at.toISOString(),
      reason: null,
    };
    const id = fulfillmentStepId(step);
    rows.add('fulfillment_step', columnsOf(fulfillmentStepEntity, { ...step, id, at }));
    return seededEvent({
      topic: 'licenses.fulfillment-step',
      kind: 'SNAPSHOT',
      aggregateId: id,
      sequence: 1,
      occurredAt: step.at,
      payload: step,
    });
  });
}

interface Snapshot {
  readonly payload: BillingSubscriptionPayload;
  readonly event: EventEnvelope;
}

function agreedOf({ payload, event }: Snapshot): AgreedSubscription {
  const version = { version: event.sequence, recordedAt: new Date(event.occurredAt) };
  return projectSubscription(payload, payload.deployment.id, version);
}

function snapshots(events: readonly EventEnvelope[]): Snapshot[] {
  return events
    .filter((event) => event.topic === 'subscriptions.billing-subscription')
    .map((event) => ({ payload: billingSubscriptionPayload.parse(event.payload), event }));
}
