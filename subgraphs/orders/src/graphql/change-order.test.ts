import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { orderPayload } from '@fulfillment/schema/events/orders';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { describe, expect, test } from 'vitest';
import { agreedTrial, agreedYear } from '../../fixtures/order-facts.js';
import { create, orderingOn } from '../../fixtures/ordering.js';
import { newNamespace, openAccount, tellSubscription } from '../../fixtures/parties.js';
import { ordersDefinition } from '../definition.js';

const now = new Date('2026-11-23T09:00:00.000Z');
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { place, placed, preview, seenBy, tellStep } = orderingOn(orders);

const lenient = agreedYear({ subscriptionTerms: { decreaseAtOnce: true } });

/** An account with ten seats of Premium at 20.00 a month, and its buyer. */
async function customer(agreement = lenient, countryCode = 'DE') {
  const accountId = await openAccount(orders, { countryCode });
  const subscriptionId = await tellSubscription(orders, accountId, agreement);
  return { accountId, subscriptionId, buyer: productViewer(accountId) };
}

const seats = (subscriptionId: string, quantity: number) => ({
  changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity },
});

const changeSteps = [
  'SUBSCRIPTION_CHANGED',
  'INVOICE_POSTED',
  'ENTITLEMENTS_GRANTED',
  'LICENSE_ISSUED',
] as const;

async function fulfill(orderId: string): Promise<void> {
  for (const kind of changeSteps) await tellStep(orderId, kind);
}

describe('a change', () => {
  test('costs what the preview said, with tax, the next bill and what the contract becomes worth', async () => {
    const { buyer, subscriptionId } = await customer(lenient, 'NL');
    const actions = [seats(subscriptionId, 15)];
    const previewed = await preview(buyer, { actions });
    expect(previewed).toMatchObject({
      net: { amount: '26.67' },
      // 16.80 less 11.20: each line is rounded by itself.
      tax: { amount: '5.60' },
      total: { amount: '32.27' },
      effectiveDate: '2026-11-23',
      nextInvoice: { date: '2026-12-01', net: { amount: '300.00' }, total: { amount: '363.00' } },
      valueChange: { mrr: { amount: '100.00' }, arr: { amount: '1200.00' }, tcv: { amount: '1126.67' } },
      userErrors: [],
    });
    const ordered = await placed(buyer, { actions, expectedTotal: '32.27' });
    expect(ordered).toMatchObject({
      lines: [
        {
          kind: 'CREDIT',
          actionPosition: 1,
          amount: { amount: '-53.33' },
          prorationRatio: '0.266666667',
          tax: { rate: '21', jurisdiction: 'NL', reason: 'DOMESTIC', amount: { amount: '-11.20' } },
        },
        { kind: 'CHARGE', quantity: 15, amount: { amount: '80.00' }, tax: { amount: { amount: '16.80' } } },
      ],
      net: { amount: '26.67' },
      tax: { amount: '5.60' },
      total: { amount: '32.27' },
      actions: [{ position: 1, subscription: { id: subscriptionId } }],
      fulfillment: changeSteps.map((kind) => ({ kind, status: 'PENDING' })),
    });
    expect(ordered.lines).toEqual(previewed.lines);
    expect(await seenBy(buyer, ordered.id)).toEqual(ordered);
  });

  test('is told with the version that it was priced on', async () => {
    const { accountId, buyer, subscriptionId } = await customer();
    await tellSubscription(orders, accountId, lenient, { id: subscriptionId, sequence: 7 });
    const { id } = await placed(buyer, { actions: [seats(subscriptionId, 15)] });
    const told = (await orders.promised('orders.order')).find(({ aggregateId }) => aggregateId === id);
    expect(orderPayload.parse(told?.payload)).toMatchObject({
      accountId,
      invoiceOwnerAccountId: accountId,
      actions: [
        {
          subscriptionId,
          baseVersion: 7,
          deployment: null,
          change: { kind: 'CHANGE_QUANTITY', productCode: 'PREMIUM', quantity: 15, when: 'NOW' },
        },
      ],
      charges: [
        { kind: 'CREDIT', subscriptionId },
        { kind: 'CHARGE', subscriptionId },
      ],
      total: { minor: '2667', currency: 'USD' },
    });
  });

  test('shows each of the thirteen actions by its own type', async () => {
    const accountId = await openAccount(orders);
    const other = await openAccount(orders);
    const sales = internalViewer();
    const tell = (agreement = lenient) => tellSubscription(orders, accountId, agreement);
    const [first, second, third, fourth, fifth] = [
      await tell(),
      await tell(),
      await tell(),
      await tell(),
      await tell(),
    ];
    const [trial, trialToo] = [await tell(agreedTrial()), await tell(agreedTrial())];
    const paused = await tell({ ...lenient, suspendedOn: localDate('2026-11-10') });
    const actions = [
      create({ planCode: 'ULTIMATE' }),
      { addProduct: { subscriptionId: first, productCode: 'STORAGE', quantity: 2 } },
      seats(first, 15),
      { changePlan: { subscriptionId: first, planCode: 'ULTIMATE' } },
      { removeProduct: { subscriptionId: first, productCode: 'STORAGE', when: 'NOW' } },
      { suspend: { subscriptionId: second } },
      { resume: { subscriptionId: paused } },
      { cancel: { subscriptionId: third, timing: 'TERM_END' } },
      { transferOwner: { subscriptionId: fourth, toAccountId: other } },
      { changeTerms: { subscriptionId: fifth, termMonths: 24, renewalUpliftPercent: '3.50' } },
      { extendTrial: { subscriptionId: trial, endDate: '2027-01-10' } },
      { convertTrial: { subscriptionId: trialToo, termMonths: 6 } },
    ];
    const { id } = await placed(sales, { accountId, actions });
    expect(await shownActions(sales, id)).toEqual([
      {
        __typename: 'CreateSubscriptionAction',
        subscription: null,
        plan: { code: 'ULTIMATE' },
        billingPeriod: 'YEAR',
      },
      {
        __typename: 'AddProductAction',
        subscription: { id: first },
        product: { code: 'STORAGE' },
        quantity: 2,
      },
      { __typename: 'ChangeQuantityAction', subscription: { id: first }, quantity: 15, when: 'NOW' },
      {
        __typename: 'ChangePlanAction',
        subscription: { id: first },
        plan: { code: 'ULTIMATE' },
        when: 'NOW',
      },
      {
        __typename: 'RemoveProductAction',
        subscription: { id: first },
        product: { code: 'STORAGE' },
        when: 'NOW',
      },
      { __typename: 'SuspendAction', subscription: { id: second } },
      { __typename: 'ResumeAction', subscription: { id: paused } },
      { __typename: 'CancelAction', subscription: { id: third }, on: null },
      { __typename: 'TransferOwnerAction', subscription: { id: fourth }, to: { id: other } },
      {
        __typename: 'ChangeTermsAction',
        subscription: { id: fifth },
        months: 24,
        autoRenewal: null,
        renewalUpliftPercent: '3.5',
      },
      { __typename: 'ExtendTrialAction', subscription: { id: trial }, endDate: '2027-01-10' },
      { __typename: 'ConvertTrialAction', subscription: { id: trialToo }, termMonths: 6 },
    ]);
    const renewing = await tell();
    const renewal = await placed(sales, {
      accountId,
      actions: [{ renew: { subscriptionId: renewing, termMonths: 24 } }],
    });
    expect(renewal['effectiveDate']).toBe('2027-11-01');
    expect(await shownActions(sales, renewal.id)).toEqual([
      { __typename: 'RenewAction', subscription: { id: renewing }, months: 24 },
    ]);
  });

  test('on a day in the future is billed as on that day, and holds the subscription until then', async () => {
    const { accountId, buyer, subscriptionId } = await customer();
    const input = { effectiveDate: '2027-03-11', actions: [seats(subscriptionId, 15)] };
    const ordered = await placed(buyer, input);
    // 21 of the 31 days of March: 203.23 less 135.48.
    expect(ordered).toMatchObject({
      status: 'PLACED',
      effectiveDate: '2027-03-11',
      net: { amount: '67.75' },
      lines: [{ serviceStart: '2027-03-11', serviceEnd: '2027-04-01' }, { amount: { amount: '203.23' } }],
    });
    const today = { actions: [seats(subscriptionId, 12)] };
    expect((await place(buyer, today)).userErrors).toMatchObject([{ code: 'SUBSCRIPTION_ORDER_UNDER_WAY' }]);
    // What the contract does by itself meanwhile makes another version, which can be ordered on.
    await tellSubscription(orders, accountId, lenient, { id: subscriptionId, sequence: 2 });
    expect((await place(buyer, today)).userErrors).toEqual([]);
  });

  test('of all or nothing: one wrong action refuses all fifty', async () => {
    const { accountId, buyer, subscriptionId } = await customer();
    const actions = Array.from({ length: 49 }, (_, index) => seats(subscriptionId, 11 + index));
    const bad = await place(buyer, { actions: [...actions, { resume: { subscriptionId } }] });
    expect(bad.userErrors).toMatchObject([{ code: 'NOT_SUSPENDED', field: ['actions', '49', 'resume'] }]);
    expect(await orders.rows('SELECT FROM orders WHERE account_id = $1', [accountId])).toEqual([]);
    const good = await placed(buyer, { actions: [...actions, seats(subscriptionId, 60)] });
    expect(good.lines).toHaveLength(100);
    expect(good).toMatchObject({ net: { amount: '266.67' } });
  });

  test('that costs another total than was expected is refused with both', async () => {
    const { buyer, subscriptionId } = await customer();
    const { userErrors } = await place(buyer, {
      actions: [seats(subscriptionId, 15)],
      expectedTotal: '20.00',
    });
    expect(userErrors).toMatchObject([{ code: 'PRICE_CHANGED', field: ['expectedTotal'] }]);
    expect(userErrors[0]?.message).toMatch(/26\.67 USD.*20\.00 USD/);
  });

  test('that subscriptions finds at another price makes the order refused with the reason', async () => {
    const { buyer, subscriptionId } = await customer();
    const { id } = await placed(buyer, { actions: [seats(subscriptionId, 15)] });
    await tellStep(id, 'SUBSCRIPTION_CHANGED', { refusal: 'PRICE_CHANGED: it comes to 1.00 USD' });
    expect(await seenBy(buyer, id)).toMatchObject({
      status: 'REFUSED',
      refusalReason: 'PRICE_CHANGED: it comes to 1.00 USD',
    });
  });
});

const shape = `__typename subscription { id }
  ... on CreateSubscriptionAction { plan { code } billingPeriod }
  ... on AddProductAction { product { code } quantity }
  ... on ChangeQuantityAction { quantity when }
  ... on ChangePlanAction { plan { code } when }
  ... on RemoveProductAction { product { code } when }
  ... on RenewAction { months: termMonths }
  ... on CancelAction { on }
  ... on TransferOwnerAction { to { id } }
  ... on ChangeTermsAction { months: termMonths autoRenewal renewalUpliftPercent }
  ... on ExtendTrialAction { endDate }
  ... on ConvertTrialAction { termMonths }`;

async function shownActions(viewer: Viewer, id: string): Promise<unknown> {
  const document = `query ($id: ID!) { order(id: $id) { actions { ${shape} } } }`;
  const { data, errors } = await orders.query<{ order: { actions: unknown } }>(viewer, document, { id });
  expect(errors).toEqual([]);
  return data?.order.actions;
}

describe('one order at a time', () => {
  test('of orders that race on one subscription one is taken, and the others are told at once', async () => {
    const { accountId, buyer, subscriptionId } = await customer();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => place(buyer, { actions: [seats(subscriptionId, 11 + index)] })),
    );
    expect(answers.filter(({ order }) => order !== null)).toHaveLength(1);
    for (const { userErrors } of answers.filter(({ order }) => order === null)) {
      expect(userErrors).toMatchObject([
        {
          code: 'SUBSCRIPTION_ORDER_UNDER_WAY',
          field: ['actions', '0', 'changeQuantity', 'subscriptionId'],
        },
      ]);
    }
    expect(await orders.rows('SELECT FROM orders WHERE account_id = $1', [accountId])).toHaveLength(1);
  });

  test('orders that name several subscriptions in any order do not wait for each other', async () => {
    const { accountId, buyer, subscriptionId } = await customer();
    const other = await tellSubscription(orders, accountId, lenient);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => {
        const actions = [seats(subscriptionId, 20), seats(other, 20)];
        return place(buyer, { actions: index % 2 === 0 ? actions : actions.toReversed() });
      }),
    );
    expect(answers.filter(({ order }) => order !== null)).toHaveLength(1);
  });

  test('the database itself refuses a second order on one version', async () => {
    const { buyer, subscriptionId } = await customer();
    const { id } = await placed(buyer, { actions: [seats(subscriptionId, 15)] });
    const copy = orders.rows(
      `INSERT INTO order_action (id, order_id, position, kind, subscription_id, open, base_version, holds_version, details)
       SELECT gen_random_uuid(), order_id, 2, kind, subscription_id, open, base_version, holds_version, details
       FROM order_action WHERE order_id = $1`,
      [id],
    );
    await expect(copy).rejects.toThrow('order_action_version');
  });

  test('the next one is taken when its later version has come, and not before', async () => {
    const { accountId, buyer, subscriptionId } = await customer();
    const { id } = await placed(buyer, { actions: [seats(subscriptionId, 15)] });
    const again = { actions: [seats(subscriptionId, 20)] };
    await fulfill(id);
    expect((await seenBy(buyer, id))?.status).toBe('FULFILLED');
    expect((await place(buyer, again)).userErrors).toMatchObject([{ code: 'SUBSCRIPTION_ORDER_UNDER_WAY' }]);
    await tellSubscription(orders, accountId, lenient, { id: subscriptionId, sequence: 2 });
    expect((await place(buyer, again)).userErrors).toEqual([]);
  });

  test('a refused one frees its subscription at once', async () => {
    const { buyer, subscriptionId } = await customer();
    const { id } = await placed(buyer, { actions: [seats(subscriptionId, 15)] });
    await tellStep(id, 'SUBSCRIPTION_CHANGED', { refusal: 'SUBSCRIPTION_CHANGED: order again' });
    expect((await place(buyer, { actions: [seats(subscriptionId, 20)] })).userErrors).toEqual([]);
  });
});

describe('trials', () => {
  test('there is one for each deployment and plan, also after the first was converted', async () => {
    const accountId = await openAccount(orders);
    const buyer = productViewer(accountId);
    const { id, kind, externalId } = newNamespace();
    const trial = (planCode: string) => {
      const { createSubscription } = create({ externalId, planCode });
      return { actions: [{ createSubscription: { ...createSubscription, trialDays: 30 } }] };
    };
    const first = await placed(buyer, trial('PREMIUM'));
    expect(first).toMatchObject({
      lines: [],
      total: { amount: '0.00' },
      actions: [{ trial: true, termMonths: null }],
    });
    for (const step of ['SUBSCRIPTION_CREATED', ...changeSteps.slice(1)] as const)
      await tellStep(first.id, step);
    const [row] = await orders.rows<{ subscription_id: string }>(
      'SELECT subscription_id FROM order_action WHERE order_id = $1',
      [first.id],
    );
    const ended = agreedYear({ canceledOn: localDate('2026-11-20') });
    await tellSubscription(orders, accountId, ended, {
      id: row?.subscription_id ?? '',
      deployment: { id, kind, externalId },
    });
    expect((await place(buyer, trial('PREMIUM'))).userErrors).toMatchObject([
      { code: 'TRIAL_ALREADY_USED', field: ['actions', '0', 'createSubscription', 'trialDays'] },
    ]);
    await placed(buyer, trial('ULTIMATE'));
  });

  test('one that only subscriptions knows of counts too', async () => {
    const accountId = await openAccount(orders);
    const deployment = newNamespace();
    const over = agreedTrial({ canceledOn: localDate('2026-11-15') });
    await tellSubscription(orders, accountId, over, { deployment });
    const { createSubscription } = create({ externalId: deployment.externalId });
    const actions = [{ createSubscription: { ...createSubscription, trialDays: 30 } }];
    expect((await place(productViewer(accountId), { actions })).userErrors).toMatchObject([
      { code: 'TRIAL_ALREADY_USED' },
    ]);
  });
});

test('an order for many subscriptions and deployments asks for each kind of fact once', async () => {
  const { accountId, subscriptionId } = await customer();
  const subscriptionIds = [
    subscriptionId,
    ...(await Promise.all([1, 2, 3].map(() => tellSubscription(orders, accountId, lenient)))),
  ];
  const actions = [
    ...subscriptionIds.map((id) => seats(id, 15)),
    ...Array.from({ length: 4 }, () => create()),
  ];
  const document =
    'query ($input: PreviewOrderInput!) { previewOrder(input: $input) { userErrors { code } total { amount } } }';
  const { data, errors, requestId } = await orders.query(productViewer(accountId), document, {
    input: { actions },
  });
  expect([errors, data]).toMatchObject([[], { previewOrder: { userErrors: [] } }]);
  // Subscriptions, the account, deployments, products.
  expect(orders.statements(requestId)).toHaveLength(4);
});

test('nothing is written by a preview', async () => {
  const { accountId, buyer, subscriptionId } = await customer();
  await preview(buyer, { actions: [seats(subscriptionId, 15)] });
  expect(await orders.rows('SELECT FROM orders WHERE account_id = $1', [accountId])).toEqual([]);
  await placed(buyer, { actions: [seats(subscriptionId, 15)] });
});
