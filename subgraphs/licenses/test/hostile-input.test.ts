import { randomUUID } from 'node:crypto';
import { betrayed, hostileOperations } from '@fulfillment/test/kit/hostile-input';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { licensesDefinition } from '../src/definition.js';
import {
  addOnItem,
  deliverContact,
  deliverProducts,
  deliverSubscription,
  grantAccount,
  grantSubscription,
  newDeployment,
  newSubscription,
  now,
  planItem,
} from './facts.js';

const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => now } });
await deliverProducts(service);
const partnerId = randomUUID();
const items = [planItem('PREMIUM', 10), addOnItem('STORAGE', 2)];
const namespace = newSubscription({ items });
const { accountId } = namespace;
const instance = newSubscription(
  { items },
  { accountId, deployment: newDeployment('Own', 'SELF_MANAGED_INSTANCE'), partnerOfRecordId: partnerId },
);
for (const subscription of [namespace, instance]) await deliverSubscription(service, subscription);
await grantAccount(service, accountId);
await grantSubscription(service, partnerId, instance.id);
await deliverContact(service, { accountId, email: 'it@customer.example', role: 'SOLD_TO' });

const [license] = await service.rows<{ id: string }>('SELECT id FROM license WHERE subscription_id = $1', [
  instance.id,
]);
const deployments = [namespace.deployment, instance.deployment];
const known = {
  id: [accountId, ...deployments.map(({ id }) => id)],
  accountId: [accountId],
  deploymentId: deployments.map(({ id }) => id),
  externalId: deployments.map(({ externalId }) => externalId),
  subscriptionId: [namespace.id, instance.id],
  licenseId: [license?.id ?? ''],
  productCode: ['STORAGE', 'PREMIUM'],
  planCode: ['PREMIUM'],
  featureKey: ['storage', 'compute', 'issues'],
  reason: ['A good one'],
  hostName: ['a.example'],
  version: ['17.0'],
  source: ['runner'],
};
const machines = productViewer(accountId, { scopes: ['instances:activate', 'seats:write', 'usage:write'] });
const viewers = [internalViewer(), productViewer(accountId), machines, partnerViewer(partnerId)];

test.each(hostileOperations('licenses', known))(
  '$field answers whatever it is given, and says nothing of how it is made',
  async ({ document, arguments: given }) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...viewers), given, async (viewer, variables) => {
        expect(betrayed(await service.query(viewer, document, variables))).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  },
);
