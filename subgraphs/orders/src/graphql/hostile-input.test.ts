import { betrayed, hostileOperations } from '@fulfillment/test/kit/hostile-input';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreedTrial, agreedYear } from '../../fixtures/order-facts.js';
import {
  addCustomer,
  newNamespace,
  openAccount,
  registerPartner,
  tellDeployment,
  tellSubscription,
} from '../../fixtures/parties.js';
import { ordersDefinition } from '../definition.js';

const now = new Date('2026-11-23T09:00:00.000Z');
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const partner = await registerPartner(orders);
const accountId = await openAccount(orders);
await addCustomer(orders, partner, accountId);
const deploymentId = await tellDeployment(orders, accountId);
const deployment = newNamespace();
const subscriptionIds = [
  await tellSubscription(orders, accountId, agreedYear()),
  await tellSubscription(orders, accountId, agreedTrial(), { deployment }),
  await tellSubscription(orders, accountId, agreedYear(), { soldBy: partner }),
];
const known = {
  accountId: [accountId, partner.accountId],
  id: [accountId, deploymentId, ...subscriptionIds],
  deploymentId: [deploymentId, deployment.id],
  externalId: [deployment.externalId, 'group-1'],
  subscriptionId: subscriptionIds,
  partnerId: [partner.id],
  planCode: ['PREMIUM', 'ULTIMATE', 'FREE'],
  productCode: ['PREMIUM', 'ULTIMATE', 'STORAGE', 'COMPUTE_MINUTES'],
  featureKey: ['storage', 'sso'],
  returnUrl: ['http://localhost:3000/back'],
  name: ['Ada Berg'],
  email: ['ada@customer.example'],
};
const viewers = [internalViewer(), productViewer(accountId), partnerViewer(partner.id)];

test.each(hostileOperations('orders', known))(
  '$field answers whatever it is given, and says nothing of how it is made',
  async ({ document, arguments: given }) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...viewers), given, async (viewer, variables) => {
        expect(betrayed(await orders.query(viewer, document, variables))).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  },
);
