import { localDate } from '@fulfillment/kernel/domain/calendar';
import { betrayed, hostileOperations } from '@fulfillment/test/kit/hostile-input';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partnersDefinition } from './definition.js';
import { addCustomer } from './service/add-customer.js';
import { registerPartner } from './service/register-partner.js';

const now = new Date('2026-11-23T09:00:00.000Z');
const partners = await startServiceHarness(partnersDefinition, { clock: { now: async () => now } });
const { transaction } = await openUnitOfWork(partnersDefinition, partners.databaseUrl);
const [distributorId, resellerId, accountId] = [randomUUID(), randomUUID(), randomUUID()];

const common = {
  contactEmail: 'sales@partner.example',
  timeZone: 'UTC',
  registeredAt: new Date('2025-01-01T00:00:00Z'),
};
const agreement = {
  startDate: localDate('2026-01-01'),
  endDate: localDate('2027-01-01'),
  commissionRatePercent: '8.50',
};
const tiers = [
  { id: distributorId, name: 'North', kind: 'DISTRIBUTOR', distributorId: null },
  { id: resellerId, name: 'Alder', kind: 'RESELLER', distributorId },
] as const;
for (const tier of tiers) {
  const agreements = [{ id: randomUUID(), ...agreement }];
  const registered = await transaction((work) =>
    registerPartner(work, { ...common, ...tier, accountId: randomUUID(), agreements }),
  );
  if (!registered.ok) throw new Error(registered.error);
}
const customer = { partnerId: resellerId, accountId, since: localDate('2026-01-01'), until: null };
await transaction((work) => addCustomer(work, customer, now));
const own = { kind: 'ACCOUNT', id: accountId } as const;
await partners.deliver(
  'orders.grant',
  { subject: own, object: own, from: '2025-01-01T00:00:00Z', until: null },
  { aggregateId: accountId },
);

const known = {
  id: [distributorId, resellerId, accountId],
  partnerId: [distributorId, resellerId],
  accountId: [accountId],
};
const viewers = [
  internalViewer(),
  productViewer(accountId),
  productViewer(accountId, { deploymentId: randomUUID() }),
  partnerViewer(distributorId),
  partnerViewer(resellerId),
];

test.each(hostileOperations('partners', known))(
  '$field answers whatever it is given, and says nothing of how it is made',
  async ({ document, arguments: given }) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...viewers), given, async (viewer, variables) => {
        expect(betrayed(await partners.query(viewer, document, variables))).toEqual([]);
      }),
      { numRuns: 24, endOnFailure: true },
    );
  },
);
