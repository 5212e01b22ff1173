import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entitlements, offeringOn } from '../../fixtures/offering.js';
import { agreedYear } from '../../fixtures/order-facts.js';
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
const { offers } = offeringOn(orders);
const nearlyFull = { seats: { purchased: 10, used: 9, maximum: 9 } };

/** A customer with an offer of more seats, a stranger, and a partner who sells to the customer. */
const accountId = await openAccount(orders);
const deployment = newNamespace();
await orders.deliver(
  'licenses.deployment',
  { ...deployment, name: 'A deployment', accountId },
  { aggregateId: deployment.id },
);
await tellSubscription(orders, accountId, agreedYear(), { deployment });
const elsewhere = await tellDeployment(orders, accountId);
const stranger = await openAccount(orders);
const partner = await registerPartner(orders);
await addCustomer(orders, partner, accountId);
const refs = [entitlements(deployment.id, nearlyFull)];
const [offer] = (await offers(productViewer(accountId), refs)).lists[0] ?? [];
if (offer === undefined) throw new Error('There is an offer');

type Who = 'CUSTOMER' | 'ITS_DEPLOYMENT' | 'OTHER_DEPLOYMENT' | 'STRANGER' | 'PARTNER' | 'COMPANY';
const viewers: Readonly<Record<Who, (scopes: string[]) => Viewer>> = {
  CUSTOMER: (scopes) => productViewer(accountId, { scopes }),
  ITS_DEPLOYMENT: (scopes) => productViewer(accountId, { scopes, deploymentId: deployment.id }),
  OTHER_DEPLOYMENT: (scopes) => productViewer(accountId, { scopes, deploymentId: elsewhere }),
  STRANGER: (scopes) => productViewer(stranger, { scopes }),
  PARTNER: (scopes) => partnerViewer(partner.id, { scopes }),
  COMPANY: (scopes) => internalViewer({ scopes }),
};
const customers: readonly Who[] = ['CUSTOMER', 'ITS_DEPLOYMENT'];
const products: readonly Who[] = [...customers, 'OTHER_DEPLOYMENT', 'STRANGER'];

interface Call {
  readonly mutation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Who may call it at all, and with which scopes. */
  readonly callers: readonly Who[];
  readonly scopes: readonly string[];
  /** What a caller is told who may not see the offer. */
  readonly unseen: string;
  /** What one is told whose token names another deployment of the account. */
  readonly elsewhere: string;
}

const { accountId: _, ...order } = offer.order ?? { accountId: '' };
const expectedTotal = '1.00';
const soldToContact = { name: 'Ada Berg', email: 'ada@customer.example' };
const returnUrl = 'http://localhost:3000/back';
const event = { eventId: randomUUID(), kind: 'CLICKED', offerId: offer.id, occurredAt: now };
const all: readonly Who[] = [...products, 'PARTNER', 'COMPANY'];
const calls: readonly Call[] = [
  // The total is another one: an order that gets as far as its price is told so, and none is placed.
  {
    mutation: 'placeOrder',
    input: { ...order, accountId, expectedTotal },
    callers: all,
    scopes: ['orders:place'],
    unseen: 'ACCOUNT_NOT_FOUND',
    elsewhere: 'SUBSCRIPTION_NOT_FOUND',
  },
  {
    mutation: 'placeOrder',
    input: { ...order, accountId, expectedTotal, soldToContact },
    callers: [...products, 'COMPANY'],
    scopes: ['orders:place', 'contacts:write'],
    unseen: 'ACCOUNT_NOT_FOUND',
    elsewhere: 'SUBSCRIPTION_NOT_FOUND',
  },
  {
    mutation: 'startCheckout',
    input: { ...order, expectedTotal, returnUrl, soldToContact },
    callers: products,
    scopes: ['orders:place', 'contacts:write'],
    unseen: 'SUBSCRIPTION_NOT_FOUND',
    elsewhere: 'SUBSCRIPTION_NOT_FOUND',
  },
  {
    mutation: 'recordOfferEvents',
    input: { events: [event] },
    callers: products,
    scopes: [],
    unseen: 'OFFER_NOT_FOUND',
    elsewhere: 'OFFER_NOT_FOUND',
  },
];
const scopes = [
  'entitlements:read',
  'orders:place',
  'contacts:write',
  'contacts:read',
  'offers:read',
  'offers:write',
  'leads:read',
  'quotes:write',
];

test('whatever scopes a token has, it sees offers of its own, and no scope of another audience opens anything', async () => {
  const who = fc.constantFrom(...(Object.keys(viewers) as Who[]));
  await fc.assert(
    fc.asyncProperty(who, fc.subarray(scopes), fc.constantFrom(...calls), async (caller, given, call) => {
      const viewer = viewers[caller](given);
      const seen = (await offers(viewer, refs)).lists[0];
      const isTheirs = customers.includes(caller) || caller === 'COMPANY';
      const maySee = isTheirs && given.includes('entitlements:read');
      expect(seen?.map(({ id }) => id) ?? null).toEqual(maySee ? [offer.id] : null);

      const mayCall = call.callers.includes(caller) && call.scopes.every((scope) => given.includes(scope));
      const answer = await callOf(viewer, call);
      expect(answer.code).toBe(mayCall ? null : 'FORBIDDEN');
      expect(answer.payload === null).toBe(!mayCall);
      if (mayCall && caller === 'STRANGER') expect(answer.payload?.codes).toContain(call.unseen);
      if (mayCall && caller === 'OTHER_DEPLOYMENT') expect(answer.payload?.codes).toContain(call.elsewhere);
      expect(JSON.stringify(answer.payload)).not.toContain('INTERNAL');
    }),
    { numRuns: 60 },
  );
  expect(await orders.rows('SELECT FROM orders')).toEqual([]);
  expect(await orders.rows("SELECT FROM contact WHERE role = 'SOLD_TO'")).toEqual([]);
  const by = await orders.rows<{ account_id: string }>('SELECT DISTINCT account_id FROM offer_event');
  expect(by.filter((row) => row.account_id !== accountId)).toEqual([]);
});

async function callOf(viewer: Viewer, { mutation, input }: Call) {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const { data, errors } = await orders.query<Record<string, { userErrors: { code: string }[] } | null>>(
    viewer,
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { userErrors { code message field } } }`,
    { input: { idempotencyKey: randomUUID(), ...input } },
  );
  const payload = data?.[mutation] ?? null;
  const codes = payload?.userErrors.map(({ code }) => code);
  return { payload: payload && { ...payload, codes }, code: errors[0]?.extensions.code ?? null };
}
