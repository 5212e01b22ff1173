import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { deploymentId } from '@fulfillment/kernel/domain/ids';
import { serviceNames, type ServiceName } from '@fulfillment/schema/events/topics';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { clientOperation } from '../kit/operations.js';
import { startSeededSystem } from '../kit/seeded-system.js';

const system = await startSeededSystem(120);
const { accountId, deployment } = system.demo.product;
const token = { audience: 'product', account: accountId } as const;
const entitlementsOperation = clientOperation('product/Entitlements');

interface EntitlementsAnswer {
  entitlements: {
    planCode: string;
    plan: { name: string } | null;
    seats: { purchased: number; used: number; maximum: number; overage: number };
    features: { __typename: string; key: string }[];
    account: { id: string } | null;
    subscription: { id: string } | null;
    upsells: { product: { code: string }; action: string; price: object | null }[] | null;
  } | null;
  currentAccount: {
    name: string;
    subscriptions: {
      nodes: { id: string; status: string; partnerOfRecord: { name: string } | null }[];
    } | null;
  } | null;
}

const entitlementsOf = (deploymentKind: string, externalId: string) =>
  system.graphql<EntitlementsAnswer>(token, entitlementsOperation, { deploymentKind, externalId });

describe('the product asks what a deployment may use', () => {
  it('and is told of no deployment but the one that its token names, and of none without the scope', async () => {
    const asked = (of: object) =>
      system.graphql<EntitlementsAnswer>({ ...token, ...of }, entitlementsOperation, {
        deploymentKind: deployment.kind,
        externalId: deployment.externalId,
      });
    const own = await asked({ deployment: deployment.id });
    expect(own.errors).toEqual([]);
    const sold = own.data?.currentAccount?.subscriptions?.nodes.map(({ id }) => id);
    expect(sold).toEqual([own.data?.entitlements?.subscription?.id]);
    const elsewhere = await asked({ deployment: randomUUID() });
    expect(elsewhere.data?.entitlements).toBeNull();
    expect(elsewhere.data?.currentAccount).toMatchObject({
      name: system.demo.product.accountName,
      subscriptions: { nodes: [] },
    });
    expect(elsewhere.errors).toMatchObject([{ extensions: { code: 'DEPLOYMENT_NOT_FOUND' } }]);
    const powerless = await asked({ scopes: ['orders:place'] });
    expect(powerless.data).toMatchObject({
      entitlements: null,
      currentAccount: { name: system.demo.product.accountName },
    });
    expect(powerless.errors).toMatchObject([
      { path: ['entitlements'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } },
    ]);
  });

  it('and three services answer in one request what four know', async () => {
    const { data, errors } = await entitlementsOf(deployment.kind, deployment.externalId);
    expect(errors).toEqual([]);
    const { entitlements, currentAccount } = data ?? {};
    // licenses
    expect(entitlements).toMatchObject({ planCode: 'PREMIUM', account: { id: accountId } });
    expect(new Set(entitlements?.features.map(({ __typename }) => __typename))).toEqual(
      new Set(['OnOffFeature', 'LimitFeature', 'MeteredAllowanceFeature']),
    );
    // orders
    expect(entitlements?.plan).toMatchObject({ name: 'Premium' });
    expect(entitlements?.upsells).toMatchObject([
      // Most of the minutes are used up, and a partner sells to the customer.
      { product: { code: 'COMPUTE_MINUTES' }, action: 'REQUEST_FROM_PARTNER', price: null },
    ]);
    expect(currentAccount?.name).toBe(system.demo.product.accountName);
    // subscriptions, of partners too
    const subscription = currentAccount?.subscriptions?.nodes.find(
      ({ id }) => id === entitlements?.subscription?.id,
    );
    expect(subscription).toMatchObject({
      status: 'ACTIVE',
      partnerOfRecord: { name: system.demo.partner.partnerName },
    });
  });

  it('at no more than one SQL statement for each service and level', async () => {
    const { requestId } = await entitlementsOf(deployment.kind, deployment.externalId);
    const counts = Object.fromEntries(
      serviceNames.map((name) => [name, system.statements(name, requestId).length]),
    );
    // subscriptions: the account with its subscriptions and their partners; orders: the offers, which bring the plan along.
    expect(counts).toEqual({ licenses: 1, subscriptions: 1, orders: 1, partners: 0 });
  });

  it('and learns nothing of a deployment that is another account’s or nobody’s', async () => {
    const mine = await entitlementsOf(deployment.kind, deployment.externalId);
    const stranger = { audience: 'product', account: randomUUID() } as const;
    const variables = { deploymentKind: deployment.kind, externalId: deployment.externalId };
    const theirs = await system.graphql<EntitlementsAnswer>(stranger, entitlementsOperation, variables);
    const nobodys = await system.graphql<EntitlementsAnswer>(stranger, entitlementsOperation, {
      ...variables,
      externalId: 'nothing-of-this-name',
    });
    expect(mine.data?.entitlements).not.toBeNull();
    expect(theirs.data).toEqual(nobodys.data);
    expect(theirs.data).toEqual({ entitlements: null, currentAccount: null });
    expect(theirs.errors).toEqual(nobodys.errors);
    expect(theirs.errors).toMatchObject([
      { path: ['entitlements'], extensions: { code: 'DEPLOYMENT_NOT_FOUND', field: 'externalId' } },
    ]);
  });
});

describe('the product orders', () => {
  const actions = (externalId: string) => [
    {
      createSubscription: {
        deployment: { kind: 'SELF_MANAGED_INSTANCE', externalId },
        planCode: 'ULTIMATE',
        quantity: 7,
        addOns: [
          { productCode: 'AI_ADD_ON', quantity: 5 },
          { productCode: 'STORAGE', quantity: 2 },
        ],
      },
    },
  ];
  const preview = clientOperation('product/PreviewOrder');
  const place = clientOperation('product/PlaceOrder');
  const orderPage = clientOperation('product/Order');

  interface OfferedAnswer {
    readonly order: object | null;
    readonly [field: string]: unknown;
  }
  interface Placed {
    placeOrder: { order: { id: string; total: { amount: string } } | null; userErrors: unknown[] } | null;
  }

  it('and the entitlements show the new plan, billed as previewed', async () => {
    const externalId = `new-instance-${randomUUID()}`;
    const previewed = await system.graphql<{
      previewOrder: { total: { amount: string }; accountCredit: unknown; userErrors: unknown[] };
    }>(token, preview, { order: { actions: actions(externalId) } });
    expect(previewed.data?.previewOrder.userErrors).toEqual([]);
    // 7 x 99 x 12 + 5 x 19 x 12 + 2 x 60
    expect(previewed.data?.previewOrder.total).toMatchObject({ amount: '9576.00' });
    expect(previewed.data?.previewOrder.accountCredit).toMatchObject({
      applied: { amount: '0.00' },
      amountDue: { amount: '9576.00' },
    });

    const placed = await system.graphql<Placed>(token, place, {
      order: { idempotencyKey: randomUUID(), actions: actions(externalId) },
    });
    expect(placed.errors).toEqual([]);
    expect(placed.data?.placeOrder?.userErrors).toEqual([]);
    expect(placed.data?.placeOrder?.order?.total).toEqual({ amount: '9576.00', currency: 'USD' });

    const entitlements = await untilPlan('ULTIMATE', externalId);
    expect(entitlements?.seats.purchased).toBe(7);

    const orderId = placed.data?.placeOrder?.order?.id;
    if (orderId === undefined) throw new Error('The order was not placed');
    expect(await untilFulfilled(orderId)).toMatchObject({
      status: 'FULFILLED',
      fulfillment: ['SUBSCRIPTION_CREATED', 'INVOICE_POSTED', 'ENTITLEMENTS_GRANTED', 'LICENSE_ISSUED'].map(
        (kind) => ({
          kind,
          status: 'DONE',
          at: expect.stringMatching(/^\d{4}-/),
        }),
      ),
    });
    const invoices = await system.graphql<{ order: { invoices: { total: { amount: string } }[] } }>(
      { audience: 'internal' },
      'query ($id: ID!) { order(id: $id) { invoices { total { amount } lines { amount { amount } } } } }',
      { id: orderId },
    );
    expect(invoices.data?.order.invoices).toMatchObject([
      { total: { amount: '9576.00' }, lines: [{ amount: { amount: '8316.00' } }, {}, {}] },
    ]);
  });

  it('and the id of its request is in the events of every service that it reaches', async () => {
    const placed = await system.graphql<Placed>(token, place, {
      order: { idempotencyKey: randomUUID(), actions: actions(`traced-${randomUUID()}`) },
    });
    await untilFulfilled(placed.data?.placeOrder?.order?.id ?? '');
    expect(placed.requestId).toMatch(/^[A-Za-z0-9._-]{8,64}$/);
    const promised = await Promise.all(
      (['orders', 'subscriptions', 'licenses'] as const).map((name) => topicsOf(name, placed.requestId)),
    );
    expect(promised).toEqual([
      expect.arrayContaining(['orders.order']),
      expect.arrayContaining(['subscriptions.billing-subscription', 'subscriptions.fulfillment-step']),
      expect.arrayContaining(['licenses.deployment', 'licenses.fulfillment-step']),
    ]);
  });

  it('an offer as it is, and the funnel shows what became of it', async () => {
    const externalId = `offered-${randomUUID()}`;
    const deployment = { kind: 'SELF_MANAGED_INSTANCE', externalId };
    const createSubscription = { deployment, planCode: 'PREMIUM', quantity: 3 };
    await system.graphql<Placed>(token, place, {
      order: { idempotencyKey: randomUUID(), actions: [{ createSubscription }] },
    });
    await untilPlan('PREMIUM', externalId);
    const shown = await system.graphql<{ entitlements: { upsells: OfferedAnswer[] } }>(
      token,
      clientOperation('product/Offers'),
      { deploymentKind: deployment.kind, externalId, placement: 'BILLING' },
    );
    expect(shown.errors).toEqual([]);
    const [offer] = shown.data?.entitlements.upsells ?? [];
    expect(offer).toMatchObject({
      reason: 'NEXT_PLAN',
      action: 'ORDER',
      product: { code: 'ULTIMATE' },
      // Nothing of the term has passed: 3 seats for a year at 99.00 in the place of 29.00.
      price: { total: { amount: '2520.00', currency: 'USD' }, isContractPrice: false },
    });
    const ordered = await system.graphql<Placed>(token, place, {
      order: { idempotencyKey: randomUUID(), ...offer?.order },
    });
    expect(ordered.data?.placeOrder).toMatchObject({
      order: { total: { amount: '2520.00' } },
      userErrors: [],
    });
    await untilPlan('ULTIMATE', externalId);
    const funnel = await system.graphql<{ offerFunnel: object[] }>(
      { audience: 'internal' },
      clientOperation('internal/OfferFunnel'),
      { filter: { from: '2026-06-01', until: '2027-06-01', placement: 'BILLING', ruleCode: 'NEXT_PLAN' } },
    );
    expect(funnel.data?.offerFunnel).toMatchObject([{ bought: { events: 1, deployments: 1 } }]);
  });

  it('once for one key, however often it asks', async () => {
    const externalId = `retried-${randomUUID()}`;
    const order = { idempotencyKey: randomUUID(), actions: actions(externalId) };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => system.graphql<Placed>(token, place, { order })),
    );
    const ids = new Set(answers.map(({ data }) => data?.placeOrder?.order?.id));
    expect(ids.size).toBe(1);
    expect(ids).not.toContain(undefined);
    const other = await system.graphql<Placed>(token, place, {
      order: { ...order, actions: actions(`other-${randomUUID()}`) },
    });
    expect(other.data?.placeOrder).toMatchObject({
      order: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
    });
  });

  it('not for another account, and not without the scope', async () => {
    const someoneElse = await system.graphql<Placed>(token, place, {
      order: { idempotencyKey: randomUUID(), accountId: randomUUID(), actions: actions('not-mine') },
    });
    expect(someoneElse.data?.placeOrder).toMatchObject({
      order: null,
      userErrors: [{ code: 'ACCOUNT_NOT_FOUND' }],
    });
    const powerless = await system.graphql<Placed>({ ...token, scopes: ['entitlements:read'] }, place, {
      order: { idempotencyKey: randomUUID(), actions: actions('no-scope') },
    });
    expect(powerless.data).toEqual({ placeOrder: null });
    expect(powerless.errors).toMatchObject([
      { path: ['placeOrder'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } },
    ]);
  });

  async function untilFulfilled(orderId: string) {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const { data, errors } = await system.graphql<{
        order: { status: string; fulfillment: { kind: string; at: string }[] } | null;
      }>(token, orderPage, { orderId });
      expect(errors).toEqual([]);
      if (data?.order?.status === 'FULFILLED' || performance.now() > deadline) return data?.order;
      await sleep(20);
    }
  }

  /** The topics of the events that a service promised under a request's id. */
  async function topicsOf(service: ServiceName, requestId: string): Promise<string[]> {
    const client = new pg.Client({ connectionString: system.databaseUrls[service] });
    await client.connect();
    try {
      const { rows } = await client.query<{ topic: string }>(
        'SELECT DISTINCT topic FROM outbox WHERE request_id = $1',
        [requestId],
      );
      return rows.map(({ topic }) => topic);
    } finally {
      await client.end();
    }
  }

  async function untilPlan(planCode: string, externalId: string) {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const { data } = await entitlementsOf('SELF_MANAGED_INSTANCE', externalId);
      if (data?.entitlements?.planCode === planCode || performance.now() > deadline)
        return data?.entitlements;
      await sleep(20);
    }
  }
});

describe('an instance of the product', () => {
  const deployment = { id: '' };
  const machine = { ...token, scopes: ['instances:activate'] };
  const stranger = { audience: 'product', account: randomUUID() } as const;

  interface Outcome {
    readonly code?: string;
    readonly instance?: { readonly id: string; readonly state: string } | null;
    readonly secret?: string;
    readonly licenseFile?: { readonly text: string } | null;
    readonly seats?: object;
    readonly userErrors: readonly { readonly code: string }[];
  }

  async function send(
    who: Parameters<typeof system.graphql>[0],
    name: string,
    variable: string,
    input: object,
  ) {
    const variables = { [variable]: { idempotencyKey: randomUUID(), ...input } };
    const answer = await system.graphql<Record<string, Outcome>>(
      who,
      clientOperation(`product/${name}`),
      variables,
    );
    expect(answer.errors).toEqual([]);
    const [outcome] = Object.values(answer.data ?? {});
    if (outcome === undefined) throw new Error(`${name} was not answered`);
    return outcome;
  }

  const activate = (
    who: Parameters<typeof system.graphql>[0],
    code: string | undefined,
    instanceId: string,
  ) =>
    send(who, 'ActivateInstance', 'instance', {
      code,
      instanceId,
      hostName: `${instanceId}.local`,
      version: '1',
    });

  it('is activated with a code, synchronizes with its secret, and is seen by the administrator', async () => {
    const externalId = `activated-${randomUUID()}`;
    deployment.id = deploymentId('SELF_MANAGED_INSTANCE', externalId);
    const createSubscription = {
      deployment: { kind: 'SELF_MANAGED_INSTANCE', externalId },
      planCode: 'ULTIMATE',
      quantity: 7,
    };
    await send(token, 'PlaceOrder', 'order', { actions: [{ createSubscription }] });
    await expect
      .poll(() => send(token, 'CreateActivationCode', 'code', { deploymentId: deployment.id }), {
        timeout: 30_000,
      })
      .toMatchObject({ userErrors: [] });
    const { code } = await send(token, 'CreateActivationCode', 'code', { deploymentId: deployment.id });

    const activated = await activate(machine, code, 'a');
    expect(activated).toMatchObject({ instance: { state: 'ACTIVE' }, userErrors: [] });
    expect(activated.licenseFile?.text).toContain('BEGIN FULFILLMENT LICENSE');
    const mine = { id: activated.instance?.id, secret: activated.secret };
    const seats = [{ counts: [{ count: 9 }, { count: 4, kind: 'BOT' }] }];
    expect(
      await send(machine, 'SynchronizeInstance', 'instance', { ...mine, version: '2', seats }),
    ).toMatchObject({
      instance: { state: 'ACTIVE' },
      seats: { purchased: 7, used: 9, maximum: 9, overage: 2 },
      userErrors: [],
    });
    await activate(machine, code, 'b');
    expect((await activate(machine, code, 'c')).userErrors).toMatchObject([
      { code: 'INSTANCE_LIMIT_REACHED' },
    ]);

    const { data, errors } = await system.graphql(token, clientOperation('product/Instances'), {
      deploymentId: deployment.id,
    });
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      deployment: {
        instanceLimit: 2,
        instances: [
          { instanceId: 'b', state: 'ACTIVE' },
          { instanceId: 'a', state: 'ACTIVE', version: '2' },
        ],
        activationCodes: [{ state: 'OPEN' }, { state: 'REPLACED' }, { state: 'REPLACED' }],
      },
    });

    // Another account, with every scope: neither the code nor the instance is anything to it.
    expect(
      (await activate({ ...stranger, scopes: ['instances:activate'] }, code, 'x')).userErrors,
    ).toMatchObject([{ code: 'ACTIVATION_CODE_INVALID' }]);
    expect((await send(stranger, 'DeactivateInstance', 'instance', mine)).userErrors).toMatchObject([
      { code: 'INSTANCE_NOT_FOUND' },
    ]);
    // A machine makes no codes, and sees no others.
    for (const [name, variables] of [
      ['CreateActivationCode', { code: { idempotencyKey: randomUUID(), deploymentId: deployment.id } }],
      ['Instances', { deploymentId: deployment.id }],
    ] as const) {
      const refused = await system.graphql(machine, clientOperation(`product/${name}`), variables);
      expect(new Set(refused.errors.map(({ extensions }) => extensions?.['code']))).toEqual(
        new Set(['UNAUTHORIZED_FIELD_OR_TYPE']),
      );
    }
  });

  it('has its license sent to the contact of its account for that, with the file and a code', async () => {
    const query = `query ($id: ID!) { deployment(id: $id) { account { contacts { role email } }
      licenses { cause delivery { state sentTo } } } }`;
    const ask = async () =>
      (
        await system.graphql<{
          deployment: {
            account: { contacts: { role: string; email: string }[] };
            licenses: { cause: string; delivery: { state: string; sentTo: string[] } }[];
          };
        }>({ audience: 'internal' }, query, { id: deployment.id })
      ).data?.deployment;
    await expect
      .poll(ask, { timeout: 30_000 })
      .toMatchObject({ licenses: [{ delivery: { state: 'SENT' } }] });
    const told = await ask();
    const recipients = told?.account.contacts
      .filter(({ role }) => role === 'SOLD_TO')
      .map(({ email }) => email);
    expect(recipients).toHaveLength(1);
    expect(told?.licenses).toMatchObject([
      { cause: 'SUBSCRIPTION_CREATED', delivery: { sentTo: recipients } },
    ]);
  });
});

describe('an account that has nobody to receive licenses', () => {
  const keeper = { audience: 'internal' } as const;
  const mutate = async <Payload>(
    by: Parameters<typeof system.graphql>[0],
    mutation: string,
    input: object,
    selection: string,
  ): Promise<Payload> => {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
    const { data, errors } = await system.graphql<Record<string, Payload>>(
      by,
      `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} userErrors { code field } } }`,
      { input: { idempotencyKey: randomUUID(), ...input } },
    );
    expect(errors).toEqual([]);
    return data?.[mutation] as Payload;
  };

  it('orders and is told that its license waits; it is sent once the customer has named somebody', async () => {
    const sandbox = {
      name: 'Sandbox',
      countryCode: 'NL',
      billingTimeZone: 'Europe/Amsterdam',
      currency: 'USD',
    };
    const opened = await mutate<{ account: { id: string } }>(
      keeper,
      'openSandboxAccount',
      sandbox,
      'account { id }',
    );
    const customer = { audience: 'product', account: opened.account.id } as const;
    const externalId = `waiting-${randomUUID()}`;
    const createSubscription = {
      deployment: { kind: 'SAAS_NAMESPACE', externalId },
      planCode: 'PREMIUM',
      quantity: 3,
    };
    const placed = await mutate<{ order: { id: string; notices: object[] } }>(
      customer,
      'placeOrder',
      { actions: [{ createSubscription }] },
      'order { id notices { code message } }',
    );
    expect(placed).toMatchObject({
      order: { notices: [{ code: 'SOLD_TO_CONTACT_MISSING' }] },
      userErrors: [],
    });

    const delivery = async () =>
      (
        await system.graphql<{ deployment: { licenses: object[] } | null }>(
          keeper,
          'query ($id: ID!) { deployment(id: $id) { licenses { delivery { state sentTo } } } }',
          { id: deploymentId('SAAS_NAMESPACE', externalId) },
        )
      ).data?.deployment?.licenses;
    await expect
      .poll(delivery, { timeout: 30_000 })
      .toEqual([{ delivery: { state: 'PENDING', sentTo: [] } }]);

    const person = { role: 'SOLD_TO', name: 'Ada Berg', email: 'ada@sandbox.example' };
    const set = await mutate<object>(customer, 'setContact', person, 'contact { email version }');
    expect(set).toEqual({ contact: { email: person.email, version: 1 }, userErrors: [] });
    await expect
      .poll(delivery, { timeout: 30_000 })
      .toEqual([{ delivery: { state: 'SENT', sentTo: [person.email] } }]);
    const { data } = await system.graphql<{ order: object }>(
      customer,
      'query ($id: ID!) { order(id: $id) { notices { code } } }',
      { id: placed.order.id },
    );
    expect(data?.order).toEqual({ notices: [] });
    account.id = opened.account.id;
    account.orderId = placed.order.id;
    account.externalId = externalId;
  });

  const account = { id: '', orderId: '', externalId: '' };

  it('has a lead that its next order converts, and is told when its seats are all in use', async () => {
    const customer = { audience: 'product', account: account.id } as const;
    const id = deploymentId('SAAS_NAMESPACE', account.externalId);
    const person = { deploymentId: id, name: 'Ada Berg', email: 'ada@sandbox.example' };
    await mutate(customer, 'requestSalesContact', person, 'requestedAt');
    const { data } = await system.graphql<{ order: { actions: { subscription: { id: string } }[] } }>(
      customer,
      'query ($id: ID!) { order(id: $id) { actions { subscription { id } } } }',
      { id: account.orderId },
    );
    const subscriptionId = data?.order.actions[0]?.subscription.id;
    const changeQuantity = { subscriptionId, productCode: 'PREMIUM', quantity: 4 };
    const placed = await mutate<{ order: { id: string } }>(
      customer,
      'placeOrder',
      { actions: [{ changeQuantity }] },
      'order { id }',
    );
    const leads = async () =>
      (
        await system.graphql<{ leads: { nodes: object[] } }>(
          keeper,
          'query ($id: ID!) { leads(first: 10, filter: { accountId: $id }) { nodes { email status order { id } } } }',
          { id: account.id },
        )
      ).data?.leads.nodes;
    await expect
      .poll(leads, { timeout: 30_000 })
      .toEqual([{ email: person.email, status: 'CONVERTED', order: { id: placed.order.id } }]);

    const report = {
      deploymentKind: 'SAAS_NAMESPACE',
      externalId: account.externalId,
      counts: [{ count: 4 }],
    };
    await mutate(keeper, 'reportSeats', { reports: [report] }, 'outcomes { userErrors { code } }');
    const notices = async () =>
      (
        await system.graphql<{ deployment: { usageNotices: object[] } }>(
          keeper,
          'query ($id: ID!) { deployment(id: $id) { usageNotices { kind percent used delivery { state sentTo } } } }',
          { id },
        )
      ).data?.deployment.usageNotices;
    await expect
      .poll(notices, { timeout: 30_000 })
      .toEqual([
        { kind: 'SEATS', percent: 100, used: 4, delivery: { state: 'SENT', sentTo: [person.email] } },
      ]);
  });
});
