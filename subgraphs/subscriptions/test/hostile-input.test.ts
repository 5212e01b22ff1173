import { betrayed, hostileOperations } from '@fulfillment/test/kit/hostile-input';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { exampleAccount, exampleOrder } from './example-order.js';

const now = new Date('2026-11-24T12:00:00.000Z');
const service = await startServiceHarness(subscriptionsDefinition, { clock: { now: async () => now } });
const customer = exampleAccount('Customer');
const order = exampleOrder({ name: 'an order', soldTo: customer });
await service.deliver('orders.account', customer, { aggregateId: customer.id });
await service.deliver('orders.order', order, { aggregateId: order.id });
await service.rows(
  `INSERT INTO viewer_grant VALUES (gen_random_uuid(), 'ACCOUNT', $1, 'ACCOUNT', $1, '2020-01-01', NULL)`,
  [customer.id],
);
const [invoice] = await service.rows<{ id: string; number: string }>('SELECT id, number FROM invoice');
const subscriptionId = order.actions[0]?.subscriptionId ?? '';
const partnerId = '00000000-0000-4000-8000-000000000001';
const known = {
  id: [customer.id, subscriptionId, invoice?.id ?? ''],
  accountId: [customer.id],
  subscriptionId: [subscriptionId],
  invoiceId: [invoice?.id ?? ''],
  deploymentId: [order.actions[0]?.deployment?.id ?? ''],
  reason: ['A good one'],
  legalEntityCode: ['US', 'EU'],
};
const viewers = [internalViewer(), productViewer(customer.id), partnerViewer(partnerId)];

test.each(hostileOperations('subscriptions', known))(
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
