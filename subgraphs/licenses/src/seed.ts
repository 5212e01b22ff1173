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
import type { Deployment } from './domain/deployment.js';
import {
  billingSubscriptionEntity,
  deploymentEntity,
  featureUsageEntity,
  fulfillmentStepEntity,
  licenseEntity,
  seatUsageEntity,
} from './persistence/entities.js';
import {
  deploymentToRow,
  featureUseToRow,
  licenseToRow,
  seatReportToRow,
  subscriptionToRow,
} from './persistence/mapping.js';
import { licensesOf } from './seeding/licenses.js';
import { featureUsesOf, seatReportOf } from './seeding/usage.js';
import { projectSubscription } from './service/projection.js';

/** Turns the population into deployments with their use and licenses. */
export const createSeeder: CreateSeeder = ({ today }) => new LicensesSeeder(today);

class LicensesSeeder implements ServiceSeeder {
  constructor(private readonly today: string) {}

  own(batch: StoryBatch, received: readonly EventEnvelope[]): { rows: TableRows[]; events: EventEnvelope[] } {
    const subscriptions = new Map(snapshots(received).map(({ payload }) => [payload.id, payload]));
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
    for (const { payload, event } of snapshots(events)) {
      const version = { version: event.sequence, recordedAt: new Date(event.occurredAt) };
      const subscription = projectSubscription(payload, payload.deployment.id, version);
      rows.add('billing_subscription', columnsOf(billingSubscriptionEntity, subscriptionToRow(subscription)));
    }
    return rows.tables();
  }

  finish(): string[] {
    return [];
  }

  #store(
    account: AccountStory,
    story: DeploymentStory,
    subscription: BillingSubscriptionPayload | undefined,
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
    rows.add('seat_usage', columnsOf(seatUsageEntity, seatReportToRow(id, seatReportOf(story))));
    for (const use of featureUsesOf(story, this.today)) {
      rows.add('feature_usage', columnsOf(featureUsageEntity, featureUseToRow(id, use)));
    }
    const told = seededEvent({
      topic: 'licenses.deployment',
      kind: 'SNAPSHOT',
      aggregateId: id,
      sequence: 1,
      occurredAt: registeredAt.toISOString(),
      payload: { id, kind, externalId, name, accountId: account.id },
    });
    if (!subscription || !story.subscription) return [told];
    for (const license of licensesOf(story.subscription, subscription)) {
      rows.add('license', columnsOf(licenseEntity, licenseToRow(license)));
    }
    return [told, ...fulfillmentSteps(story.subscription, rows)];
  }
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

function snapshots(
  events: readonly EventEnvelope[],
): { readonly payload: BillingSubscriptionPayload; readonly event: EventEnvelope }[] {
  return events
    .filter((event) => event.topic === 'subscriptions.billing-subscription')
    .map((event) => ({ payload: billingSubscriptionPayload.parse(event.payload), event }));
}
