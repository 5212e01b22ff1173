import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { entitlements, offeringOn } from '../../fixtures/offering.js';
import { agreedTrial, agreedYear } from '../../fixtures/order-facts.js';
import { create, orderingOn } from '../../fixtures/ordering.js';
import { newNamespace, openAccount, tellSubscription } from '../../fixtures/parties.js';
import { quotingOn } from '../../fixtures/quoting.js';
import { ordersDefinition } from '../definition.js';

/* A token that names one deployment opens nothing of another of its account, and does not say whether there is one. */

const now = new Date('2026-11-23T09:00:00.000Z');
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { ask, call } = offeringOn(orders);
const { place, placed, preview, seenBy } = orderingOn(orders);
const { sent, accept, read, list } = quotingOn(orders);

const sales = internalViewer();
const returnUrl = 'http://localhost:3000/back';

/** An account with a contract for each of two namespaces: its own token, and one that names the first. */
async function customer() {
  const accountId = await openAccount(orders);
  const [own, other] = [newNamespace(), newNamespace()];
  const subscribe = (deployment: typeof own) =>
    tellSubscription(orders, accountId, agreedYear(), { deployment });
  return {
    accountId,
    own: { ...own, subscriptionId: await subscribe(own) },
    other: { ...other, subscriptionId: await subscribe(other) },
    everywhere: productViewer(accountId),
    viewer: productViewer(accountId, { deploymentId: own.id }),
  };
}

const seats = (subscriptionId: string, quantity = 20) => ({
  changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity },
});

type Buyer = Awaited<ReturnType<typeof customer>>['viewer'];

const startCheckout = (buyer: Buyer, actions: readonly object[]) =>
  call<{ checkout: { id: string } | null }>(buyer, 'startCheckout', 'checkout { id }', {
    actions,
    returnUrl,
  });

const checkoutSeenBy = async (buyer: Buyer, id: string) =>
  (
    await ask<{ checkout: { id: string } | null }>(buyer, 'query ($id: ID!) { checkout(id: $id) { id } }', {
      id,
    })
  ).checkout;

const ordersOf = async (buyer: Buyer, accountId: string) => {
  const data = await ask<{ _entities: [{ orders: { nodes: { id: string }[]; totalCount: number } }] }>(
    buyer,
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Account { orders(first: 9) { nodes { id } totalCount } } } }',
    { of: [{ __typename: 'Account', id: accountId }] },
  );
  return data._entities[0].orders;
};

describe('a token that names one deployment', () => {
  test('changes that one, and another one’s subscription is for it like one that does not exist', async () => {
    const { viewer, own, other } = await customer();
    const changes = (subscriptionId: string) => ({ actions: [seats(subscriptionId)] });
    for (const ordering of [preview, place, checkingOut]) {
      const refused = (await ordering(viewer, changes(other.subscriptionId))).userErrors;
      expect(refused).toMatchObject([{ code: 'SUBSCRIPTION_NOT_FOUND' }]);
      expect((await ordering(viewer, changes(randomUUID()))).userErrors).toEqual(refused);
    }
    const both = { actions: [seats(own.subscriptionId), seats(other.subscriptionId)] };
    expect((await place(viewer, both)).userErrors).toMatchObject([
      { code: 'SUBSCRIPTION_NOT_FOUND', field: ['actions', '1', 'changeQuantity', 'subscriptionId'] },
    ]);
    expect(await placed(viewer, changes(own.subscriptionId))).toMatchObject({ status: 'PLACED' });
  });

  test('buys nothing for another one, whether there is one, it has a plan, or it had a trial', async () => {
    const { viewer, accountId, other } = await customer();
    const tried = newNamespace();
    await tellSubscription(orders, accountId, agreedTrial(), { deployment: tried });
    for (const ordering of [preview, place, checkingOut]) {
      const answers = [];
      for (const { externalId } of [newNamespace(), other, tried]) {
        const [action] = [create({ externalId })];
        const actions = [{ createSubscription: { ...action.createSubscription, trialDays: 30 } }];
        answers.push((await ordering(viewer, { actions })).userErrors);
      }
      expect(answers[0]).toMatchObject([{ code: 'DEPLOYMENT_NOT_ELIGIBLE' }]);
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    }
  });

  test('buys a first plan for a deployment that nobody has named before', async () => {
    const accountId = await openAccount(orders);
    const { id, externalId } = newNamespace();
    const viewer = productViewer(accountId, { deploymentId: id });
    const { checkout } = await startCheckout(viewer, [create({ externalId })]);
    expect(await checkoutSeenBy(viewer, checkout?.id ?? '')).toEqual(checkout);
    const { id: orderId } = await placed(viewer, { actions: [create({ externalId })] });
    expect(await seenBy(viewer, orderId)).toMatchObject({ id: orderId });
  });

  test('sees the orders that are for it alone', async () => {
    const { viewer, everywhere, accountId, own, other } = await customer();
    const mine = await placed(everywhere, { actions: [seats(own.subscriptionId)] });
    const another = await placed(everywhere, { actions: [create()] });
    const changed = await placed(everywhere, { actions: [seats(other.subscriptionId)] });
    expect(await seenBy(viewer, mine.id)).toMatchObject({ id: mine.id });
    for (const { id } of [another, changed]) {
      expect(await seenBy(viewer, id)).toBeNull();
      expect(await seenBy(everywhere, id)).toMatchObject({ id });
    }
    expect(await ordersOf(viewer, accountId)).toEqual({ nodes: [{ id: mine.id }], totalCount: 1 });
    expect((await ordersOf(everywhere, accountId)).totalCount).toBe(3);
  });

  test('sees no order that is for another one too', async () => {
    const { viewer, everywhere, own, other } = await customer();
    const actions = [seats(own.subscriptionId), seats(other.subscriptionId)];
    const { id } = await placed(everywhere, { actions });
    expect(await seenBy(viewer, id)).toBeNull();
  });

  test('sees and completes the checkouts that are for it alone', async () => {
    const { viewer, everywhere, own, other } = await customer();
    const started = async (...ids: string[]) => {
      const { checkout } = await startCheckout(
        everywhere,
        ids.map((id) => seats(id)),
      );
      return checkout?.id ?? '';
    };
    const complete = (checkoutId: string) =>
      call<{ checkout: { id: string } | null }>(viewer, 'completeCheckout', 'checkout { id }', {
        checkoutId,
      });
    const mine = await started(own.subscriptionId);
    expect(await checkoutSeenBy(viewer, mine)).toEqual({ id: mine });
    expect(await complete(mine)).toMatchObject({ checkout: { id: mine }, userErrors: [] });
    const foreign = [
      await started(other.subscriptionId),
      await started(own.subscriptionId, other.subscriptionId),
    ];
    for (const id of [...foreign, randomUUID()]) {
      expect(await checkoutSeenBy(viewer, id)).toBeNull();
      expect((await complete(id)).userErrors).toMatchObject([{ code: 'CHECKOUT_NOT_FOUND' }]);
    }
  });

  test('sees and accepts the quotes that are for it alone', async () => {
    const { viewer, accountId, own, other } = await customer();
    const quoted = (...ids: string[]) => sent(sales, { accountId, actions: ids.map((id) => seats(id)) });
    const foreign = [
      await quoted(other.subscriptionId),
      await quoted(own.subscriptionId, other.subscriptionId),
    ];
    for (const { id } of foreign) {
      expect(await read(viewer, id)).toBeNull();
      expect((await accept(viewer, { quoteId: id })).userErrors).toMatchObject([{ code: 'QUOTE_NOT_FOUND' }]);
    }
    const { id } = await quoted(own.subscriptionId);
    expect(await list(viewer, {})).toMatchObject([{ id }]);
    expect(await accept(viewer, { quoteId: id })).toMatchObject({
      quote: { status: 'ACCEPTED' },
      userErrors: [],
    });
  });

  test('says of no account who receives its licenses', async () => {
    const { viewer, everywhere, own } = await customer();
    const person = { name: 'Ada Berg', email: 'ada@customer.example' };
    const set = (buyer: Buyer) =>
      call(buyer, 'setContact', 'contact { email }', { role: 'SOLD_TO', ...person });
    expect((await set(viewer)).userErrors).toMatchObject([{ code: 'ACCOUNT_NOT_FOUND' }]);
    expect((await set(everywhere)).userErrors).toEqual([]);
    const order = { actions: [seats(own.subscriptionId)], soldToContact: person };
    expect((await place(viewer, order)).userErrors).toMatchObject([
      { code: 'ACCOUNT_NOT_FOUND', field: ['soldToContact'] },
    ]);
  });
});

/** A checkout in the form of an order. */
function checkingOut(buyer: Buyer, { actions }: { readonly actions: readonly object[] }) {
  return startCheckout(buyer, actions);
}

test('offers are for whoever may read entitlements', async () => {
  const { accountId, own } = await customer();
  const { offers } = offeringOn(orders);
  const without = await offers(productViewer(accountId, { scopes: ['orders:place'] }), [
    entitlements(own.id),
  ]);
  expect(without.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
