import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { contactPayload } from '@fulfillment/schema/events/orders';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { beforeEach, describe, expect, test } from 'vitest';
import { offeringOn } from '../../fixtures/offering.js';
import { agreedYear } from '../../fixtures/order-facts.js';
import { create } from '../../fixtures/ordering.js';
import {
  addCustomer,
  newNamespace,
  openAccount,
  registerPartner,
  tellSubscription,
} from '../../fixtures/parties.js';
import { quotingOn } from '../../fixtures/quoting.js';
import { ordersDefinition } from '../definition.js';

const start = new Date('2026-11-23T09:00:00.000Z');
const nextDay = new Date('2026-11-24T09:00:00.000Z');
let now = start;
beforeEach(() => (now = start));
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { ask, call } = offeringOn(orders);

const fields =
  'id role name email language version since history { version name email language since until }';

interface ContactInTest {
  readonly id: string;
  readonly email: string;
  readonly [field: string]: unknown;
}
interface SetContact {
  readonly contact: ContactInTest | null;
}

const ada = { role: 'SOLD_TO', name: 'Ada Berg', email: 'ada@customer.example', language: 'de' };
const ben = { role: 'SOLD_TO', name: 'Ben Roth', email: 'ben@customer.example' };

const set = (viewer: Viewer, input: object) =>
  call<SetContact>(viewer, 'setContact', `contact { ${fields} }`, { ...ada, ...input });

async function contactsOf(accountId: string, asOf: Date | null = null) {
  const document = `query ($id: ID!, $asOf: DateTime) { account(id: $id) { contacts(asOf: $asOf) { role email } } }`;
  const { account } = await ask<{ account: { contacts: { role: string; email: string }[] } }>(
    internalViewer(),
    document,
    { id: accountId, asOf },
  );
  return account.contacts.filter(({ role }) => role === 'SOLD_TO').map(({ email }) => email);
}

async function toldOf(accountId: string) {
  const told = await orders.promised('orders.contact');
  return told.flatMap(({ aggregateId, sequence, payload }) => {
    const contact = contactPayload.parse(payload);
    return contact.accountId === accountId ? [{ aggregateId, sequence, ...contact }] : [];
  });
}

const codes = (answer: { readonly userErrors: readonly { code: string; field: readonly string[] }[] }) =>
  answer.userErrors.map(({ code, field }) => `${code} ${field.join('.')}`);

describe('the sold-to contact', () => {
  test('is set by the customer for itself, and told', async () => {
    const accountId = await openAccount(orders);
    const answer = await set(productViewer(accountId), {});
    expect(answer).toMatchObject({
      contact: { ...ada, version: 1, since: start.toISOString() },
      userErrors: [],
    });
    expect(await toldOf(accountId)).toMatchObject([
      { ...ada, id: answer.contact?.id, aggregateId: answer.contact?.id, sequence: 1 },
    ]);
  });

  test('is another person from then on, and whoever it was is kept as of any instant', async () => {
    const accountId = await openAccount(orders);
    const first = await set(internalViewer(), { accountId });
    now = nextDay;
    const second = await set(internalViewer(), { accountId, ...ben, language: undefined });
    expect(second.contact).toMatchObject({
      id: first.contact?.id,
      ...ben,
      language: 'en',
      history: [
        { version: 2, email: ben.email, since: nextDay.toISOString(), until: null },
        {
          version: 1,
          email: ada.email,
          language: 'de',
          since: start.toISOString(),
          until: nextDay.toISOString(),
        },
      ],
    });
    const instants = [new Date(start.getTime() - 1), start, new Date(nextDay.getTime() - 1), nextDay, null];
    const asOf = await Promise.all(instants.map((at) => contactsOf(accountId, at)));
    expect(asOf).toEqual([[], [ada.email], [ada.email], [ben.email], [ben.email]]);
    expect((await toldOf(accountId)).map(({ sequence, email }) => [sequence, email])).toEqual([
      [1, ada.email],
      [2, ben.email],
    ]);
  });

  test('is set once however often it is asked for: by the key, and by being the same person', async () => {
    const accountId = await openAccount(orders);
    const idempotencyKey = randomUUID();
    const [first, again] = [
      await set(internalViewer(), { accountId, idempotencyKey }),
      await set(internalViewer(), { accountId, idempotencyKey }),
    ];
    expect(again).toEqual(first);
    expect((await set(internalViewer(), { accountId })).contact).toEqual(first.contact);
    expect(codes(await set(internalViewer(), { accountId, idempotencyKey, name: 'Eve' }))).toEqual([
      'IDEMPOTENCY_KEY_REUSED idempotencyKey',
    ]);
    expect(await toldOf(accountId)).toHaveLength(1);
  });

  test('set by two at the same moment is one after the other', async () => {
    const accountId = await openAccount(orders);
    const people = ['a', 'b', 'c', 'd'].map((name) => `${name}@customer.example`);
    await Promise.all(people.map((email) => set(internalViewer(), { accountId, email })));
    const told = await toldOf(accountId);
    expect(new Set(told.map(({ sequence }) => sequence))).toEqual(new Set([1, 2, 3, 4]));
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    expect(await contactsOf(accountId)).toEqual([told.find(({ sequence }) => sequence === 4)?.email]);
  });

  test.each([
    [{ name: '' }, ['INVALID_VALUE name']],
    [{ email: 'ada' }, ['INVALID_VALUE email']],
    [{ language: 'no tag' }, ['INVALID_VALUE language']],
    [{ idempotencyKey: 'short' }, ['INVALID_VALUE idempotencyKey']],
    [{ accountId: 'x', email: '' }, ['ACCOUNT_NOT_FOUND accountId', 'INVALID_VALUE email']],
  ])('with %j is refused', async (wrong, expected) => {
    const accountId = await openAccount(orders);
    expect(codes(await set(internalViewer(), { accountId, ...wrong }))).toEqual(expected);
    expect(await toldOf(accountId)).toEqual([]);
  });
});

describe('who may set it', () => {
  test('and may read no contacts, learns nothing of who it was before', async () => {
    const accountId = await openAccount(orders);
    await set(productViewer(accountId), {});
    const writer = productViewer(accountId, { scopes: ['contacts:write'] });
    const answer = await set(writer, { ...ben, language: 'fr' });
    expect(answer.contact).toMatchObject({ version: 2, history: [{ version: 2, email: ben.email }] });
    expect(JSON.stringify(answer)).not.toContain(ada.email);
  });

  test('another account is answered like one that does not exist', async () => {
    const [own, other] = [await openAccount(orders), await openAccount(orders)];
    const viewer = productViewer(own);
    const ofOther = await set(viewer, { accountId: other });
    expect(codes(ofOther)).toEqual(['ACCOUNT_NOT_FOUND accountId']);
    expect(await set(viewer, { accountId: randomUUID() })).toEqual(ofOther);
    expect(await contactsOf(other)).toEqual([]);
  });

  test('a partner sets nobody’s, nor does anybody without the scope', async () => {
    const partner = await registerPartner(orders);
    const accountId = await openAccount(orders);
    await addCustomer(orders, partner, accountId);
    const refused = [
      partnerViewer(partner.id, { scopes: ['contacts:write'] }),
      productViewer(accountId, { scopes: ['orders:place'] }),
      internalViewer({ scopes: ['orders:place'] }),
    ];
    for (const viewer of refused) {
      await expect(set(viewer, { accountId })).rejects.toThrow('FORBIDDEN');
    }
    expect(await contactsOf(accountId)).toEqual([]);
  });

  test('nobody is written to in place of the customer: not the partner who pays, nor the one who sells', async () => {
    const distributor = await registerPartner(orders);
    const reseller = await registerPartner(orders, distributor);
    const accountId = await openAccount(orders);
    await tellSubscription(orders, accountId, agreedYear(), {
      soldBy: reseller,
      invoiceOwnerAccountId: distributor.accountId,
    });
    const address = (name: string) => `${name}-${accountId}@partner.example`;
    for (const { partner, name } of [
      { partner: distributor, name: 'payer' },
      { partner: reseller, name: 'seller' },
    ]) {
      await set(internalViewer(), { accountId: partner.accountId, email: address(name) });
      const input = { email: address(name).toUpperCase() };
      expect(codes(await set(productViewer(accountId), input))).toEqual(['CONTACT_OF_PAYER email']);
    }
    expect(codes(await set(productViewer(accountId), { role: 'BILLING', email: address('payer') }))).toEqual(
      [],
    );
    expect(await contactsOf(accountId)).toEqual([]);
  });
});

describe('an order', () => {
  const order = 'order { id status notices { code } }';
  interface Placed {
    readonly order: { readonly id: string; readonly notices: readonly { readonly code: string }[] } | null;
  }
  const place = (viewer: Viewer, input: object) => {
    const { kind, externalId } = newNamespace();
    const createSubscription = { deployment: { kind, externalId }, planCode: 'PREMIUM', quantity: 5 };
    return call<Placed>(viewer, 'placeOrder', order, { actions: [{ createSubscription }], ...input });
  };
  const person = { name: ada.name, email: ada.email };
  const missing = [{ code: 'SOLD_TO_CONTACT_MISSING' }];

  async function noticesOf(viewer: Viewer, id: string | undefined) {
    const document = `query ($id: ID!) { order(id: $id) { notices { code } } }`;
    return (await ask<{ order: { notices: unknown } }>(viewer, document, { id })).order.notices;
  }

  test('without anybody to receive licenses is taken, and says that they wait until somebody is named', async () => {
    const accountId = await openAccount(orders);
    const placed = await place(productViewer(accountId), {});
    expect(placed).toMatchObject({ order: { notices: missing }, userErrors: [] });
    await set(productViewer(accountId), {});
    expect(await noticesOf(productViewer(accountId), placed.order?.id)).toEqual([]);
  });

  test('names who receives licenses, in the same transaction', async () => {
    const accountId = await openAccount(orders);
    const placed = await place(internalViewer(), { accountId, soldToContact: person });
    expect(placed).toMatchObject({ order: { notices: [] }, userErrors: [] });
    expect(await contactsOf(accountId)).toEqual([ada.email]);
  });

  test('that is refused names nobody, and says all that is wrong', async () => {
    const accountId = await openAccount(orders);
    const viewer = productViewer(accountId);
    const wrong = await place(viewer, { soldToContact: { ...person, email: 'ada' }, currency: 'EUR' });
    expect(codes(wrong)).toEqual(['CURRENCY_MISMATCH currency', 'INVALID_VALUE soldToContact.email']);
    const changed = await place(viewer, { soldToContact: person, expectedTotal: '1.00' });
    expect(codes(changed)).toEqual(['PRICE_CHANGED expectedTotal']);
    expect(await contactsOf(accountId)).toEqual([]);
  });

  test('of a partner names nobody, and tells the partner that licenses wait', async () => {
    const partner = await registerPartner(orders);
    const accountId = await openAccount(orders);
    await addCustomer(orders, partner, accountId);
    const viewer = partnerViewer(partner.id, { scopes: ['orders:place', 'contacts:write'] });
    await expect(place(viewer, { accountId, soldToContact: person })).rejects.toThrow('FORBIDDEN');
    const placed = await place(viewer, { accountId });
    expect(placed).toMatchObject({ order: { notices: missing }, userErrors: [] });
  });

  test('never names a contact of whoever pays, and then nothing is ordered', async () => {
    const partner = await registerPartner(orders);
    const accountId = await openAccount(orders);
    await tellSubscription(orders, accountId, agreedYear(), { soldBy: partner });
    const email = `bills-${accountId}@partner.example`;
    await set(internalViewer(), { accountId: partner.accountId, email });
    const placed = await place(productViewer(accountId), { soldToContact: { ...person, email } });
    expect(codes(placed)).toEqual(['CONTACT_OF_PAYER soldToContact.email']);
    expect(placed.order).toBeNull();
  });
});

describe('a checkout', () => {
  const person = { name: ada.name, email: ada.email };
  interface CheckedOut {
    readonly checkout: { readonly id: string; readonly status: string; readonly url: string | null } | null;
    readonly order: { readonly id: string } | null;
  }
  const returns = 'checkout { id status url } order { id }';
  const begin = (viewer: Viewer, input: object) =>
    call<CheckedOut>(viewer, 'startCheckout', returns, {
      actions: [create()],
      returnUrl: 'http://localhost:3000/back',
      ...input,
    });
  async function paid(viewer: Viewer, { checkout }: CheckedOut) {
    const page = `${orders.url}${new URL(checkout?.url ?? '').pathname}/SUCCEEDS`;
    await fetch(page, { method: 'POST', redirect: 'manual' });
    return call<CheckedOut>(viewer, 'completeCheckout', returns, { checkoutId: checkout?.id });
  }

  test('names who receives licenses when it is paid, and not before', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const started = await begin(buyer, { soldToContact: person });
    expect(codes(started)).toEqual([]);
    expect(await contactsOf(accountId)).toEqual([]);
    now = nextDay;
    await paid(buyer, await begin(buyer, { soldToContact: { ...person, email: ben.email } }));
    expect(await contactsOf(accountId)).toEqual([ben.email]);
    expect(await toldOf(accountId)).toMatchObject([{ role: 'SOLD_TO', email: ben.email, sequence: 1 }]);
  });

  test('is refused with a person who cannot be it, or without the scope', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const partner = await registerPartner(orders);
    await tellSubscription(orders, accountId, agreedYear(), { soldBy: partner });
    const email = `bills-${accountId}@partner.example`;
    await set(internalViewer(), { accountId: partner.accountId, email });
    const wrong = await begin(buyer, { soldToContact: { ...person, email: 'ada' }, currency: 'EUR' });
    expect(codes(wrong)).toEqual(['CURRENCY_MISMATCH currency', 'INVALID_VALUE soldToContact.email']);
    const payers = await begin(buyer, { soldToContact: { ...person, email } });
    expect(codes(payers)).toEqual(['CONTACT_OF_PAYER soldToContact.email']);
    const limited = productViewer(accountId, { scopes: ['orders:place'] });
    await expect(begin(limited, { soldToContact: person })).rejects.toThrow('FORBIDDEN');
    expect(await orders.rows('SELECT FROM checkout WHERE account_id = $1', [accountId])).toEqual([]);
  });

  test('that was paid is ordered though the person has become the payer’s meanwhile', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const started = await begin(buyer, { soldToContact: person });
    const partner = await registerPartner(orders);
    await set(internalViewer(), { accountId: partner.accountId, ...person });
    await tellSubscription(orders, accountId, agreedYear(), { soldBy: partner });
    expect(await paid(buyer, started)).toMatchObject({ checkout: { status: 'PAID' }, userErrors: [] });
    expect(await contactsOf(accountId)).toEqual([]);
  });
});

describe('a quote', () => {
  const { sent, accept } = quotingOn(orders);
  const person = { name: ada.name, email: ada.email };

  test('names with its acceptance who receives licenses', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const { id: quoteId } = await sent(internalViewer(), { accountId, actions: [create()] });
    const wrong = { quoteId, soldToContact: { ...person, name: '' }, purchaseOrderNumber: '' };
    expect((await accept(buyer, wrong)).userErrors).toMatchObject([
      { code: 'INVALID_VALUE', field: ['purchaseOrderNumber'] },
      { code: 'INVALID_VALUE', field: ['soldToContact', 'name'] },
    ]);
    const limited = productViewer(accountId, { scopes: ['orders:place'] });
    await expect(accept(limited, { quoteId, soldToContact: person })).rejects.toThrow('FORBIDDEN');
    expect(await contactsOf(accountId)).toEqual([]);
    const accepted = await accept(buyer, { quoteId, soldToContact: person });
    expect(accepted).toMatchObject({ quote: { status: 'ACCEPTED' }, userErrors: [] });
    expect(await contactsOf(accountId)).toEqual([ada.email]);
  });

  test('of a partner’s first sale never names a contact of the partner, and then nothing is ordered', async () => {
    const partner = await registerPartner(orders);
    const accountId = await openAccount(orders);
    await addCustomer(orders, partner, accountId);
    const email = `sells-${accountId}@partner.example`;
    await set(internalViewer(), { accountId: partner.accountId, email });
    const seller = partnerViewer(partner.id, { scopes: ['quotes:write', 'orders:place', 'contacts:write'] });
    const { id: quoteId } = await sent(seller, { accountId, actions: [create()] });
    await expect(accept(seller, { quoteId, soldToContact: person })).rejects.toThrow('FORBIDDEN');
    const refused = await accept(internalViewer(), { quoteId, soldToContact: { ...person, email } });
    expect(refused).toMatchObject({
      order: null,
      userErrors: [{ code: 'CONTACT_OF_PAYER', field: ['soldToContact', 'email'] }],
    });
    const accepted = await accept(internalViewer(), { quoteId, soldToContact: person });
    expect(accepted).toMatchObject({ quote: { status: 'ACCEPTED' }, userErrors: [] });
    expect(await contactsOf(accountId)).toEqual([ada.email]);
  });
});

test('a sandbox account may be opened with the person who receives its licenses', async () => {
  const input = { name: 'Sandbox', countryCode: 'DE', billingTimeZone: 'Europe/Berlin', currency: 'USD' };
  const open = (soldToContact: object) =>
    call<{ account: { id: string } | null }>(internalViewer(), 'openSandboxAccount', 'account { id }', {
      ...input,
      soldToContact,
    });
  const opened = await open({ name: ada.name, email: ada.email });
  expect(await contactsOf(opened.account?.id ?? '')).toEqual([ada.email]);
  expect(codes(await open({ name: '', email: ada.email }))).toEqual(['INVALID_VALUE soldToContact.name']);
});
