import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { createLicensesDefinition } from '../src/definition.js';
import { licenseId } from '../src/domain/license.js';
import { createMemoryKeyRing } from '../src/keys/memory-key-ring.js';
import type { Mail, Mailer } from '../src/service/delivery-ports.js';
import {
  changed,
  deliverContact,
  deliverProducts,
  deliverSubscription,
  grantAccount,
  newDeployment,
  newSubscription,
  now,
  planItem,
} from './facts.js';

const clock = { at: now };
const sent: Mail[] = [];
/** Addresses that the mail server takes nothing for. */
const refused = new Set<string>();
const mailer: Mailer = {
  async send(mail) {
    if (mail.to.some(({ email }) => refused.has(email))) throw new Error('The mail server is down');
    sent.push(mail);
  },
};
const definition = createLicensesDefinition({ ring: createMemoryKeyRing(), mailer });
const time = { now: async () => clock.at };
const service = await startServiceHarness(definition, { clock: time, periodic: false });
await deliverProducts(service);

const sendAll = () => service.settled();

beforeEach(() => {
  clock.at = now;
  refused.clear();
  sent.length = 0;
});

/** A partner sale: the partner's account pays, the customer's uses; each has people of its own. */
async function partnerSale() {
  const [invoiceOwnerAccountId, partnerOfRecordId] = [randomUUID(), randomUUID()];
  const deployment = newDeployment('Acme', 'SELF_MANAGED_INSTANCE');
  const subscription = newSubscription({}, { deployment, invoiceOwnerAccountId, partnerOfRecordId });
  const { accountId } = subscription;
  const mailbox = accountId.slice(0, 8);
  const contacts = [
    { accountId, email: `it@${mailbox}.example`, role: 'SOLD_TO' },
    { accountId, email: `bills@${mailbox}.example`, role: 'BILLING' },
    { accountId: invoiceOwnerAccountId, email: 'licenses@partner.example', role: 'SOLD_TO' },
    { accountId: invoiceOwnerAccountId, email: 'bills@partner.example', role: 'BILLING' },
  ] as const;
  return { subscription, contacts, itMail: contacts[0].email };
}

const deliveryOf = async (id: string) =>
  (
    await service.rows<{ state: string; attempts: number; last_error: string | null; sent_to: string[] }>(
      'SELECT state, attempts, last_error, sent_to FROM license_delivery WHERE license_id = $1',
      [id],
    )
  )[0];

const eventsOf = (aggregateId: string) =>
  service.rows<{ id: string }>(
    `SELECT id FROM outbox WHERE topic = 'licenses.license-delivery' AND aggregate_id = $1 ORDER BY position`,
    [aggregateId],
  );

/** As `redeliverEvents` does. */
async function sendAgain(eventId = '') {
  const events = { by: 'IDS' as const, ids: [eventId] };
  await service.bus.command('licenses', {
    kind: 'REDELIVER',
    id: randomUUID(),
    events,
    consumer: 'licenses',
  });
  await service.settled();
}

describe('a license that was issued', () => {
  it('is sent to the contact of the account that uses it, and never to the partner who pays', async () => {
    const { subscription, contacts, itMail } = await partnerSale();
    for (const contact of contacts) await deliverContact(service, contact);
    await deliverSubscription(service, subscription);
    await sendAll();
    clock.at = new Date('2026-12-31T22:00:00Z');
    const renewed = { term: { startDate: '2027-01-01', endDate: '2028-01-01', months: 12 } };
    await deliverSubscription(service, changed(subscription, renewed, { cause: 'AUTO_RENEWAL' }), 2);
    await sendAll();
    expect(sent.map(({ to }) => to.map(({ email }) => email))).toEqual([[itMail], [itMail]]);
    // Of who is written to about bills nothing can be read here.
    expect(await service.rows(`SELECT email FROM contact WHERE email LIKE 'bills@%'`)).toEqual([]);
    expect(JSON.stringify(await service.rows('SELECT * FROM known_address'))).not.toContain('@');
    const told = (await service.promised('licenses.license')).find(
      ({ aggregateId }) => aggregateId === licenseId(subscription.id, 1),
    );
    expect(told?.payload).toMatchObject({ recipientAccountId: subscription.accountId });
    expect(JSON.stringify(told)).not.toContain(subscription.invoiceOwnerAccountId);
    expect(JSON.stringify(sent)).not.toMatch(/partner/i);
  });

  it('comes with the file and an activation code that works, for something with instances of its own', async () => {
    const { subscription, contacts } = await partnerSale();
    await deliverContact(service, contacts[0]);
    await deliverSubscription(service, subscription);
    await sendAll();
    const [mail] = sent;
    expect(mail).toMatchObject({
      id: licenseId(subscription.id, 1),
      subject: 'License for Acme: PREMIUM, 10 seats',
      attachments: [{ fileName: 'license-2026-01-01.txt' }],
    });
    expect(mail?.attachments[0]?.text).toMatch(/^-----BEGIN FULFILLMENT LICENSE-----\n/);
    expect(mail?.text).toContain('Valid: 2026-01-01 through 2026-12-31 (UTC)');
    const [, code = ''] = /Activation code: (\S+)/.exec(mail?.text ?? '') ?? [];
    await grantAccount(service, subscription.accountId);
    const machine = productViewer(subscription.accountId, { scopes: ['instances:activate'] });
    const { data } = await service.query<{ activateInstance: { userErrors: object[] } }>(
      machine,
      `mutation ($input: ActivateInstanceInput!) { activateInstance(input: $input) { userErrors { code } } }`,
      { input: { idempotencyKey: randomUUID(), code, instanceId: 'a', hostName: 'a', version: '1' } },
    );
    expect(data?.activateInstance.userErrors).toEqual([]);
  });

  it('is announced alone for a namespace of the shared service', async () => {
    const subscription = newSubscription();
    await deliverContact(service, {
      accountId: subscription.accountId,
      email: 'it@shared.example',
      role: 'SOLD_TO',
    });
    await deliverSubscription(service, subscription);
    await sendAll();
    expect(sent).toMatchObject([{ attachments: [] }]);
    expect(sent[0]?.text).not.toContain('ctivation code');
  });

  it('is sent once, though it is issued, and asked to be sent, again and again', async () => {
    const { subscription, contacts } = await partnerSale();
    await deliverContact(service, contacts[0]);
    await deliverSubscription(service, subscription);
    await deliverSubscription(service, subscription, 1, randomUUID());
    await sendAll();
    const [event] = await eventsOf(licenseId(subscription.id, 1));
    await sendAgain(event?.id);
    expect(sent).toHaveLength(1);
    expect(await deliveryOf(licenseId(subscription.id, 1))).toMatchObject({ state: 'SENT', attempts: 1 });
  });

  it('waits for somebody to receive it, and is sent as soon as there is one', async () => {
    const { subscription, contacts, itMail } = await partnerSale();
    for (const contact of contacts.slice(1)) await deliverContact(service, contact);
    await deliverSubscription(service, subscription);
    await sendAll();
    const id = licenseId(subscription.id, 1);
    expect(await deliveryOf(id)).toMatchObject({
      state: 'PENDING',
      attempts: 0,
      last_error: 'No contact of the sold-to account receives licenses.',
    });
    expect(sent).toEqual([]);
    await deliverContact(service, contacts[0]);
    await sendAll();
    expect(await deliveryOf(id)).toMatchObject({ state: 'SENT', sent_to: [itMail], last_error: null });
  });

  it.each(['PAYS', 'SELLS', 'DISTRIBUTES', 'IS_REACHED'] as const)(
    'is not sent to an address that became one of a partner who by then %s, and is when another contact is set',
    async (part) => {
      const { subscription: direct, contacts, itMail } = await partnerSale();
      const { accountId } = direct;
      const partner = {
        id: randomUUID(),
        accountId: randomUUID(),
        name: 'Partner',
        kind: 'RESELLER' as const,
        contactEmail: part === 'IS_REACHED' ? itMail : 'sales@partner.example',
      };
      const subscription = {
        ...direct,
        invoiceOwnerAccountId: part === 'PAYS' ? partner.accountId : accountId,
        partnerOfRecordId: part === 'SELLS' || part === 'IS_REACHED' ? partner.id : null,
        distributorId: part === 'DISTRIBUTES' ? partner.id : null,
      };
      const contactId = randomUUID();
      await deliverContact(service, contacts[0], { id: contactId });
      await deliverSubscription(service, subscription);
      await sendAll();
      expect(sent).toHaveLength(1);

      // In any order, in other letters, and whatever they are written to about.
      const theirs = {
        accountId: partner.accountId,
        email: ` ${itMail.toUpperCase()}`,
        role: 'BILLING',
      } as const;
      if (part !== 'IS_REACHED') await deliverContact(service, theirs);
      await service.deliver(
        'partners.partner',
        { ...partner, distributorId: null },
        { aggregateId: partner.id },
      );
      const more = changed(subscription, { items: [planItem('PREMIUM', 20)] });
      await deliverSubscription(service, more, 2);
      await sendAll();
      expect(sent).toHaveLength(1);
      const id = licenseId(subscription.id, 2);
      const waiting = await deliveryOf(id);
      expect(waiting).toMatchObject({ state: 'PENDING', attempts: 0 });
      expect(waiting?.last_error).toContain('setContact');

      const email = `new@${accountId.slice(0, 8)}.example`;
      await deliverContact(service, { ...contacts[0], email }, { id: contactId, sequence: 2 });
      await sendAll();
      expect(await deliveryOf(id)).toMatchObject({ state: 'SENT', sent_to: [email], last_error: null });
    },
  );

  it('is sent to an address that others have, who neither pay for nor sell what the account uses', async () => {
    const { subscription, contacts, itMail } = await partnerSale();
    await deliverContact(service, contacts[0]);
    await deliverContact(service, { accountId: randomUUID(), email: itMail, role: 'SOLD_TO' });
    await deliverContact(service, { ...contacts[1], email: itMail });
    await deliverSubscription(service, subscription);
    await sendAll();
    expect(sent.map(({ to }) => to.map(({ email }) => email))).toEqual([[itMail]]);
  });

  it('goes to whoever receives licenses now: a contact that changed its role gets none', async () => {
    const { subscription, contacts } = await partnerSale();
    const id = randomUUID();
    await deliverContact(service, contacts[0], { id });
    await deliverContact(service, { ...contacts[0], role: 'BILLING' }, { id, sequence: 2 });
    await deliverSubscription(service, subscription);
    await sendAll();
    expect(sent).toEqual([]);
  });

  it('that cannot be sent stops no other, is seen among the deliveries that failed, and can be sent again', async () => {
    const [broken, sound] = [await partnerSale(), await partnerSale()];
    for (const { contacts } of [broken, sound]) await deliverContact(service, contacts[0]);
    refused.add(broken.itMail);
    for (const { subscription } of [broken, sound]) await deliverSubscription(service, subscription);
    await sendAll();
    expect(sent.map(({ to }) => to.map(({ email }) => email))).toEqual([[sound.itMail]]);
    const id = licenseId(broken.subscription.id, 1);
    expect(await deliveryOf(id)).toMatchObject({
      state: 'PENDING',
      attempts: 1,
      last_error: 'The mail server is down',
    });
    const [event] = await eventsOf(id);
    const failed = async () => {
      const { nodes } = await service.bus.failed.list({ first: 10 }, 'FAILED_AT', { consumer: 'licenses' });
      return nodes.filter(({ aggregateId }) => aggregateId === id);
    };
    expect(await failed()).toMatchObject([
      {
        eventId: event?.id,
        topic: 'licenses.license-delivery',
        attempts: 1,
        reason: 'The mail server is down',
      },
    ]);
    refused.clear();
    await sendAgain(event?.id);
    expect(await failed()).toEqual([]);
    expect(sent.map(({ to }) => to[0]?.email)).toEqual([sound.itMail, broken.itMail]);
    expect(await deliveryOf(id)).toMatchObject({ state: 'SENT', attempts: 2, last_error: null });
  });

  it('is not sent any more when another version’s license came before', async () => {
    const { subscription, contacts } = await partnerSale();
    await deliverSubscription(service, subscription);
    const [plan] = subscription.agreement.items;
    await deliverSubscription(
      service,
      changed(subscription, { items: plan ? [{ ...plan, quantity: 11 }] : [] }),
      2,
    );
    await deliverContact(service, contacts[0]);
    await sendAll();
    expect(sent.map(({ subject }) => subject)).toEqual(['License for Acme: PREMIUM, 11 seats']);
    expect(await deliveryOf(licenseId(subscription.id, 1))).toMatchObject({ state: 'SUPERSEDED' });
  });

  it('shows the company’s own people how its sending stands, and the addresses to those who may know contacts', async () => {
    const { subscription, contacts, itMail } = await partnerSale();
    await deliverContact(service, contacts[0]);
    await deliverSubscription(service, subscription);
    await grantAccount(service, subscription.accountId);
    await sendAll();
    const ask = async (viewer: Parameters<typeof service.query>[0]) => {
      const document = `query ($of: [_Any!]!) { _entities(representations: $of) {
        ... on License { delivery { state attempts sentTo } } } }`;
      const of = [{ __typename: 'License', id: licenseId(subscription.id, 1) }];
      const { data, errors } = await service.query<{ _entities: object[] }>(viewer, document, { of });
      return { license: data?._entities[0], codes: errors.map(({ extensions }) => extensions?.['code']) };
    };
    const delivery = { state: 'SENT', attempts: 1 };
    expect(await ask(internalViewer({ scopes: ['licenses:read', 'contacts:read'] }))).toEqual({
      license: { delivery: { ...delivery, sentTo: [itMail] } },
      codes: [],
    });
    expect(await ask(internalViewer({ scopes: ['licenses:read'] }))).toEqual({
      license: { delivery: { ...delivery, sentTo: null } },
      codes: ['FORBIDDEN'],
    });
    const product = productViewer(subscription.accountId, { scopes: ['licenses:read', 'contacts:read'] });
    expect(await ask(product)).toEqual({ license: { delivery: null }, codes: ['FORBIDDEN'] });
  });
});
