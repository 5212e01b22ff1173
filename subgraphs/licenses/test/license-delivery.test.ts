import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { createLicensesDefinition } from '../src/definition.js';
import { licenseId } from '../src/domain/license.js';
import { createMemoryKeyRing } from '../src/keys/memory-key-ring.js';
import { licenseFileWriter } from '../src/keys/license-file-writer.js';
import { createSecretMaker } from '../src/keys/secret-maker.js';
import type { Mail, Mailer } from '../src/service/delivery-ports.js';
import { sendNextLicense } from '../src/service/send-licenses.js';
import {
  changed,
  deliverContact,
  deliverProducts,
  deliverSubscription,
  grantAccount,
  newDeployment,
  newSubscription,
  now,
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
const ring = createMemoryKeyRing();
const definition = createLicensesDefinition({ ring, mailer });
const time = { now: async () => clock.at };
const service = await startServiceHarness(definition, { clock: time, periodic: false });
const { transaction } = await openUnitOfWork(definition, service.databaseUrl, time);
const post = { ring, mailer, writer: licenseFileWriter, secrets: createSecretMaker(ring) };
await deliverProducts(service);

async function sendAll() {
  while (await sendNextLicense(transaction, post, time));
}

beforeEach(async () => {
  clock.at = now;
  failing.message = '';
  await service.rows(`UPDATE license_delivery SET next_attempt_at = NULL`);
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
    // Who is written to about bills is not even known here.
    expect(await service.rows(`SELECT email FROM contact WHERE email LIKE 'bills@%'`)).toEqual([]);
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

  it('is sent once, though it is issued, and looked for, again and again', async () => {
    const { subscription, contacts } = await partnerSale();
    await deliverContact(service, contacts[0]);
    await deliverSubscription(service, subscription);
    await deliverSubscription(service, subscription, 1, randomUUID());
    await Promise.all([sendAll(), sendAll(), sendAll()]);
    clock.at = new Date(now.getTime() + 86_400_000);
    await sendAll();
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

  it('goes to whoever receives licenses now: a contact that changed its role gets none', async () => {
    const { subscription, contacts } = await partnerSale();
    const id = randomUUID();
    await deliverContact(service, contacts[0], { id });
    await deliverContact(service, { ...contacts[0], role: 'BILLING' }, { id, sequence: 2 });
    await deliverSubscription(service, subscription);
    await sendAll();
    expect(sent).toEqual([]);
  });

  it('is tried again with longer and longer pauses, always as the same mail, and has failed after ten times', async () => {
    const { subscription, contacts } = await partnerSale();
    await deliverContact(service, contacts[0]);
    await deliverSubscription(service, subscription);
    failing.message = 'The mail server is down';
    const id = licenseId(subscription.id, 1);
    const attempts: number[] = [];
    for (let minute = 0; minute < 9 * 60; minute++) {
      clock.at = new Date(now.getTime() + minute * 60_000);
      await sendAll();
      const delivery = await deliveryOf(id);
      if (delivery?.attempts !== attempts.length) attempts.push(minute);
      if (delivery?.state === 'FAILED') break;
    }
    expect(attempts).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 128, 256]);
    expect(await deliveryOf(id)).toMatchObject({ state: 'FAILED', last_error: 'The mail server is down' });
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
