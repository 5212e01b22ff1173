import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { createLicensesDefinition } from '../src/definition.js';
import { createMemoryKeyRing } from '../src/keys/memory-key-ring.js';
import type { Mail, Mailer } from '../src/service/delivery-ports.js';
import {
  changed,
  deliverContact,
  deliverProducts,
  deliverSubscription,
  grantAccount,
  newSubscription,
  now,
  planItem,
} from './facts.js';

const clock = { at: now };
const sent: Mail[] = [];
const failing = { message: '' };
const mailer: Mailer = {
  async send(mail) {
    if (failing.message !== '') throw new Error(failing.message);
    sent.push(mail);
  },
};
const definition = createLicensesDefinition({ ring: createMemoryKeyRing(), mailer });
const time = { now: async () => clock.at };
const service = await startServiceHarness(definition, { clock: time, periodic: false });
await deliverProducts(service);

/** Without the mails of licenses, which go the same way. */
async function sendAll() {
  await service.settled();
  sent.splice(0, sent.length, ...sent.filter(({ subject }) => !subject.startsWith('License')));
}

beforeEach(() => {
  clock.at = now;
  failing.message = '';
  sent.length = 0;
});

/** Ten seats and 10 000 minutes a month, sold by a partner who pays, with people on both sides. */
async function newCustomer({ hasContact = true }: { readonly hasContact?: boolean } = {}) {
  const [invoiceOwnerAccountId, partnerOfRecordId] = [randomUUID(), randomUUID()];
  const subscription = newSubscription({}, { invoiceOwnerAccountId, partnerOfRecordId });
  const { accountId, deployment } = subscription;
  const { kind, externalId, id } = deployment;
  await deliverSubscription(service, subscription);
  await grantAccount(service, accountId);
  const contact = { accountId, email: `it@${accountId.slice(0, 8)}.example`, role: 'SOLD_TO' } as const;
  if (hasContact) await deliverContact(service, contact);
  await deliverContact(service, {
    ...contact,
    accountId: invoiceOwnerAccountId,
    email: 'it@partner.example',
  });
  return { subscription, accountId, partnerOfRecordId, id, kind, externalId, contact };
}

type Customer = Awaited<ReturnType<typeof newCustomer>>;

async function mutate(
  viewer: Parameters<typeof service.query>[0],
  name: string,
  selection: string,
  input: object,
) {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await service.query<Record<string, { userErrors: object[] }>>(
    viewer,
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code } } }`,
    { input: { idempotencyKey: randomUUID(), ...input } },
  );
  expect(errors).toEqual([]);
  expect(data?.[name]?.userErrors).toEqual([]);
}

/** A minute later than what was reported before. */
async function reportMinutes({ accountId, kind, externalId }: Customer, used: number) {
  clock.at = new Date(clock.at.getTime() + 60_000);
  const machine = productViewer(accountId, { scopes: ['usage:write'] });
  await mutate(machine, 'reportAllowance', 'allowance { used }', {
    deployment: { kind, externalId },
    featureKey: 'compute',
    source: 'runners',
    measuredAt: clock.at,
    used,
  });
}

const reportSeats = ({ kind: deploymentKind, externalId }: Customer, count: number) =>
  mutate(internalViewer({ scopes: ['seats:write'] }), 'reportSeats', 'outcomes { userErrors { code } }', {
    reports: [{ deploymentKind, externalId, takenAt: clock.at, counts: [{ count }] }],
  });

const subjects = () => sent.map(({ subject }) => subject.replace(/^.*: /, ''));
const hours = (count: number) => new Date(clock.at.getTime() + count * 3_600_000);

describe('an allowance', () => {
  test('that is nearly used up is told to the sold-to contact once a month and threshold, never to who pays', async () => {
    const customer = await newCustomer();
    await reportMinutes(customer, 7_999);
    await sendAll();
    expect(sent).toEqual([]);
    for (const used of [8_000, 8_100, 9_999]) await reportMinutes(customer, used);
    await sendAll();
    expect(subjects()).toEqual(['80 % of Compute minutes in use']);
    expect(sent[0]?.to.map(({ email }) => email)).toEqual([customer.contact.email]);
    expect(sent[0]?.text).toContain('8 000 of 10 000 Compute minutes');
    for (const used of [10_000, 12_000]) await reportMinutes(customer, used);
    await sendAll();
    expect(subjects()).toEqual(['80 % of Compute minutes in use', '100 % of Compute minutes in use']);
    clock.at = new Date('2026-07-02T00:00:00Z');
    await reportMinutes(customer, 9_000);
    await sendAll();
    expect(subjects()).toHaveLength(3);
    expect(JSON.stringify(sent)).not.toContain('partner');
  });

  test('of which more is bought is told anew when that is nearly used up', async () => {
    const customer = await newCustomer();
    await reportMinutes(customer, 10_000);
    const pack = [{ productCode: 'PACK', quantity: 10, on: '2026-06-15' }];
    const product = {
      code: 'PACK',
      name: 'Pack',
      kind: 'ADD_ON',
      rank: null,
      features: [{ key: 'compute', name: 'Compute minutes', kind: 'METERED_ALLOWANCE', quantity: 1_000 }],
    } as const;
    await service.deliver(
      'orders.product',
      { ...product, features: [...product.features] },
      { aggregateId: 'PACK' },
    );
    await deliverSubscription(service, changed(customer.subscription, {}, { boughtOnce: pack }), 2);
    for (const used of [15_999, 16_000, 19_000]) await reportMinutes(customer, used);
    await sendAll();
    expect(sent.map(({ text }) => text.slice(0, text.indexOf(' Compute')))).toEqual([
      '10 000 of 10 000',
      '16 000 of 20 000',
    ]);
  });

  test('that jumps over both thresholds is told once, of the higher', async () => {
    const customer = await newCustomer();
    await reportMinutes(customer, 11_000);
    await sendAll();
    expect(subjects()).toEqual(['100 % of Compute minutes in use']);
  });
});

describe('seats', () => {
  test('that are nearly all in use are told once a term and threshold, and anew in the next term', async () => {
    const customer = await newCustomer();
    for (const count of [7, 8, 9, 8, 7, 9]) {
      clock.at = hours(1);
      await reportSeats(customer, count);
    }
    await sendAll();
    expect(subjects()).toEqual(['80 % of seats in use']);
    expect(sent[0]?.text).toContain('8 of 10 seats');
    clock.at = hours(1);
    await reportSeats(customer, 10);
    await sendAll();
    expect(subjects()).toEqual(['80 % of seats in use', '100 % of seats in use']);
    const term = { startDate: '2027-01-01', endDate: '2028-01-01', months: 12 };
    clock.at = new Date('2027-01-02T00:00:00Z');
    await deliverSubscription(
      service,
      changed(customer.subscription, { term }, { cause: 'AUTO_RENEWAL' }),
      2,
    );
    await sendAll();
    expect(subjects()).toHaveLength(3);
  });

  test('of which more are bought are told anew when these are nearly all in use, and not while they are as before', async () => {
    const customer = await newCustomer();
    let version = 1;
    const buy = (quantity: number) =>
      deliverSubscription(
        service,
        changed(customer.subscription, { items: [planItem('PREMIUM', quantity)] }),
        (version += 1),
      );
    const use = async (count: number) => {
      clock.at = hours(1);
      await reportSeats(customer, count);
      await sendAll();
      return sent.map(({ text }) => text.slice(0, text.indexOf(' seats')));
    };
    expect(await use(9)).toEqual(['9 of 10']);
    // 82 per cent: whoever bought it knows.
    await buy(11);
    expect(await use(9)).toHaveLength(1);
    await buy(20);
    expect(await use(15)).toHaveLength(1);
    expect(await use(16)).toEqual(['9 of 10', '16 of 20']);
    for (const count of [15, 16, 12, 17]) expect(await use(count)).toHaveLength(2);
    expect(await use(20)).toEqual(['9 of 10', '16 of 20', '20 of 20']);
    expect(await use(8)).toHaveLength(3);
    // Back to what there was: that was told.
    await buy(10);
    expect(await use(8)).toHaveLength(3);
    expect(await use(10)).toEqual(['9 of 10', '16 of 20', '20 of 20', '10 of 10']);
  });

  test('reported by many at the same moment are told once', async () => {
    const customer = await newCustomer();
    await Promise.all(Array.from({ length: 8 }, (_, index) => reportSeats(customer, 8 + (index % 2))));
    await sendAll();
    expect(subjects()).toEqual(['80 % of seats in use']);
  });

  test('are told to each account that has them', async () => {
    const customer = await newCustomer();
    await reportSeats(customer, 9);
    const accountId = randomUUID();
    const moved = changed(customer.subscription, {}, { accountId, heldSince: '2026-06-15' });
    await deliverSubscription(service, moved, 2);
    await deliverContact(service, { ...customer.contact, accountId, email: 'it@next.example' });
    await sendAll();
    expect(sent.map(({ to }) => to.map(({ email }) => email))).toEqual([
      [customer.contact.email],
      ['it@next.example'],
    ]);
  });
});

describe('a notice', () => {
  test('waits for somebody to receive it, and is sent as soon as there is one', async () => {
    const customer = await newCustomer({ hasContact: false });
    await reportMinutes(customer, 8_000);
    await sendAll();
    expect(sent).toEqual([]);
    await deliverContact(service, customer.contact);
    await sendAll();
    expect(sent.map(({ to }) => to[0]?.email)).toEqual([customer.contact.email]);
  });

  test('that waited is sent once, however many changes of the contact and reports come at the same moment', async () => {
    const customer = await newCustomer({ hasContact: false });
    await reportSeats(customer, 9);
    await sendAll();
    await Promise.all([
      ...[1, 2, 3, 4].map((sequence) =>
        deliverContact(service, customer.contact, { id: customer.accountId, sequence }),
      ),
      ...[8, 9, 9, 8].map((count) => reportSeats(customer, count)),
    ]);
    await sendAll();
    expect(subjects()).toEqual(['80 % of seats in use']);
  });

  test('is not lost while no mail can be sent: it comes later, and only that of the higher threshold', async () => {
    const customer = await newCustomer();
    await sendAll();
    failing.message = 'The mail server is down.';
    await reportMinutes(customer, 8_000);
    const undelivered = expect.objectContaining({ state: 'PENDING', lastError: failing.message });
    await expect.poll(() => noticesOf(customer)).toMatchObject([{ percent: 80, delivery: undelivered }]);
    await reportMinutes(customer, 10_000);
    await expect
      .poll(() => noticesOf(customer))
      .toMatchObject([
        { percent: 100, delivery: undelivered },
        { percent: 80, delivery: { state: 'SUPERSEDED' } },
      ]);
    failing.message = '';
    // By itself, as every delivery that failed.
    await expect
      .poll(() => noticesOf(customer), { timeout: 20_000 })
      .toMatchObject([
        { percent: 100, delivery: { state: 'SENT', lastError: null } },
        { percent: 80, delivery: { state: 'SUPERSEDED' } },
      ]);
    await sendAll();
    expect(subjects()).toEqual(['100 % of Compute minutes in use']);
  });

  test('waits no longer when so much was bought meanwhile that it no longer holds, and comes when it holds again', async () => {
    const customer = await newCustomer({ hasContact: false });
    await reportSeats(customer, 8);
    const seats = (quantity: number) =>
      changed(customer.subscription, { items: [planItem('PREMIUM', quantity)] });
    await deliverSubscription(service, seats(20), 2);
    await deliverContact(service, customer.contact);
    await sendAll();
    expect(sent).toEqual([]);
    expect(await noticesOf(customer)).toMatchObject([{ percent: 80, delivery: { state: 'SUPERSEDED' } }]);
    await deliverSubscription(service, seats(10), 3);
    await sendAll();
    expect(subjects()).toEqual(['80 % of seats in use']);
    expect(await noticesOf(customer)).toMatchObject([{ percent: 80, delivery: { state: 'SENT' } }]);
  });

  test('of a month that is over is not sent any more', async () => {
    const customer = await newCustomer({ hasContact: false });
    await reportMinutes(customer, 8_000);
    await sendAll();
    clock.at = new Date('2026-07-01T00:00:00Z');
    await deliverContact(service, customer.contact);
    await sendAll();
    expect(sent).toEqual([]);
    expect(await noticesOf(customer)).toMatchObject([{ delivery: { state: 'SUPERSEDED' } }]);
  });

  test('and how its sending stands is seen by our own people, its address by those who may know contacts', async () => {
    const customer = await newCustomer();
    await reportMinutes(customer, 8_000);
    await sendAll();
    expect(await noticesOf(customer)).toEqual([
      {
        kind: 'ALLOWANCE',
        featureKey: 'compute',
        featureName: 'Compute minutes',
        periodStart: '2026-06-01',
        periodEnd: '2026-07-01',
        percent: 80,
        used: 8_000,
        available: 10_000,
        reachedAt: clock.at.toISOString(),
        delivery: {
          state: 'SENT',
          attempts: 1,
          lastError: null,
          sentTo: [customer.contact.email],
        },
      },
    ]);
    const refused = [
      internalViewer({ scopes: ['licenses:read'] }),
      internalViewer({ scopes: [] }),
      productViewer(customer.accountId, { scopes: ['licenses:read', 'contacts:read'] }),
      partnerViewer(customer.partnerOfRecordId, { scopes: ['licenses:read', 'contacts:read'] }),
    ];
    for (const viewer of refused) await expect(noticesOf(customer, viewer)).rejects.toThrow('FORBIDDEN');
  });
});

async function noticesOf({ id }: Customer, viewer: Parameters<typeof service.query>[0] = internalViewer()) {
  const { data, errors } = await service.query<{ deployment: { usageNotices: object[] } | null }>(
    viewer,
    `query ($id: ID!) { deployment(id: $id) { usageNotices {
       kind featureKey featureName periodStart periodEnd percent used available reachedAt
       delivery { state attempts lastError sentTo } } } }`,
    { id },
  );
  const [error] = errors;
  // A partner does not even see the deployment unless it was granted.
  if (error !== undefined || data?.deployment == null) throw new Error(error?.extensions.code ?? 'FORBIDDEN');
  return data.deployment.usageNotices;
}
