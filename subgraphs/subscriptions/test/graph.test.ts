import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { aiAddOn, exampleAccount, type ExampleOrder, exampleOrder, premium } from './example-order.js';

const now = new Date('2025-12-20T12:00:00.000Z');
const service = await startServiceHarness(subscriptionsDefinition, { clock: { now: async () => now } });

const customer = exampleAccount('Customer');
const stranger = exampleAccount('Stranger');
const [northAccount, southAccount] = [exampleAccount('North Inc.'), exampleAccount('South Inc.')];
const [north, south] = [derivedId('test-partner', 'north'), derivedId('test-partner', 'south')];

const viewers = {
  customer: productViewer(customer.id),
  stranger: productViewer(stranger.id),
  unknown: productViewer(derivedId('test-account', 'nobody')),
  internal: internalViewer(),
  north: partnerViewer(north),
  south: partnerViewer(south),
  other: partnerViewer(derivedId('test-partner', 'other')),
};

const orders = {
  direct: example({ name: 'direct', subscriptions: [[premium, aiAddOn]] }),
  north: example({ name: 'north', invoiceOwner: northAccount, partnerId: north }),
  south: example({ name: 'south', invoiceOwner: southAccount, partnerId: south }),
};

function example(changes: Partial<ExampleOrder> & { name: string }) {
  return exampleOrder({ soldTo: customer, effectiveDate: '2025-03-05', ...changes });
}

const subscriptionOf = (order: keyof typeof orders) => orders[order].actions[0]?.subscriptionId ?? '';
const allSubscriptions = (['direct', 'north', 'south'] as const).map(subscriptionOf).toSorted();

function grant(
  subject: GrantPayload['subject'],
  accountId: string,
  kind: 'ACCOUNT' | 'ACCOUNT_PROFILE' = 'ACCOUNT',
): Promise<unknown> {
  const payload: GrantPayload = {
    subject,
    object: { kind, id: accountId },
    from: '2025-01-01T00:00:00.000Z',
    until: null,
  };
  const topic = subject.kind === 'ACCOUNT' ? 'orders.grant' : 'partners.grant';
  return service.deliver(topic, payload, {
    aggregateId: derivedId('test-grant', subject.id, kind, accountId),
  });
}

function tellPartner(id: string, name: string): Promise<unknown> {
  const contactEmail = `sales@${name.toLowerCase()}.example`;
  const account = { accountId: derivedId('test-account', name), distributorId: null };
  const payload = { id, name, kind: 'RESELLER', contactEmail, ...account } as const;
  return service.deliver('partners.partner', payload, { aggregateId: id });
}

beforeAll(async () => {
  for (const account of [customer, stranger, northAccount, southAccount]) {
    await service.deliver('orders.account', account, { aggregateId: account.id });
  }
  await tellPartner(north, 'North');
  await grant({ kind: 'ACCOUNT', id: customer.id }, customer.id);
  await grant({ kind: 'ACCOUNT', id: stranger.id }, stranger.id);
  await grant({ kind: 'PARTNER', id: north }, northAccount.id);
  await grant({ kind: 'PARTNER', id: south }, southAccount.id);
  await grant({ kind: 'PARTNER', id: north }, customer.id, 'ACCOUNT_PROFILE');
  for (const order of Object.values(orders)) {
    await service.deliver('orders.order', order, { aggregateId: order.id });
  }
});

/** The entities of one type that a viewer gets, with what was selected of each. */
async function entities<Fields>(viewer: Viewer, type: string, ids: readonly string[], fields: string) {
  const answer = await service.query<{ _entities: (Fields | null)[] }>(
    viewer,
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${fields} } } }`,
    { of: ids.map((id) => ({ __typename: type, id })) },
  );
  expect(answer.errors).toEqual([]);
  return { found: answer.data?._entities ?? [], statements: service.statements(answer.requestId) };
}

interface Connection<Node> {
  readonly totalCount: number;
  readonly nodes: readonly Node[];
}

async function subscriptionsSeen(viewer: Viewer, accountId = customer.id): Promise<string[]> {
  const { found } = await entities<{ subscriptions: Connection<{ id: string }> }>(
    viewer,
    'Account',
    [accountId],
    'subscriptions { totalCount nodes { id } }',
  );
  const { totalCount, nodes } = found[0]?.subscriptions ?? { totalCount: 0, nodes: [] };
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ id }) => id).toSorted();
}

describe('who sees which subscription', () => {
  test('a product of the customer that works for one deployment, those of that one alone', async () => {
    const deploymentId = orders.direct.actions[0]?.deployment?.id ?? '';
    const named = productViewer(customer.id, { deploymentId });
    expect(await subscriptionsSeen(named)).toEqual([subscriptionOf('direct')]);
    const { found } = await entities<{ id: string }>(
      named,
      'BillingSubscription',
      allSubscriptions,
      'status',
    );
    expect(found.filter((one) => one !== null)).toHaveLength(1);
    expect(await subscriptionsSeen(productViewer(stranger.id, { deploymentId }), customer.id)).toEqual([]);
  });

  test('a product of the customer that works for one deployment, nothing that the account owes or has', async () => {
    const deploymentId = orders.direct.actions[0]?.deployment?.id ?? '';
    const moneyOf = async (viewer: Viewer) =>
      (
        await entities<object>(
          viewer,
          'Account',
          [customer.id],
          'balance { amount } accountCredit { amount }',
        )
      ).found;
    expect(await moneyOf(productViewer(customer.id))).toEqual([
      { balance: { amount: expect.any(String) }, accountCredit: { amount: expect.any(String) } },
    ]);
    expect(await moneyOf(productViewer(customer.id, { deploymentId }))).toEqual([
      { balance: null, accountCredit: null },
    ]);
  });

  test.each<[keyof typeof viewers, readonly string[]]>([
    ['internal', allSubscriptions],
    ['customer', allSubscriptions],
    ['north', [subscriptionOf('north')]],
    ['south', [subscriptionOf('south')]],
    ['stranger', []],
    ['other', []],
    ['unknown', []],
  ])('%s', async (name, expected) => {
    expect(await subscriptionsSeen(viewers[name])).toEqual(expected);
    const { found } = await entities<{ id: string }>(
      viewers[name],
      'BillingSubscription',
      allSubscriptions,
      'id',
    );
    expect(found.map((subscription) => subscription?.id ?? null)).toEqual(
      allSubscriptions.map((id) => (expected.includes(id) ? id : null)),
    );
    const byId = await service.query<{ billingSubscription: { id: string } | null }>(
      viewers[name],
      '{ billingSubscription(id: "' + subscriptionOf('north') + '") { id } }',
    );
    expect(byId.data?.billingSubscription !== null).toBe(expected.includes(subscriptionOf('north')));
  });
});

describe('who sees which invoice', () => {
  const invoiceOwners = [customer.id, northAccount.id, southAccount.id];
  test.each<[keyof typeof viewers, readonly number[], readonly (string | null)[]]>([
    ['internal', [1, 1, 1], ['4620.00', '3480.00', '3480.00']],
    ['customer', [1, 0, 0], ['4620.00', null, null]],
    ['north', [0, 1, 0], [null, '3480.00', null]],
    ['south', [0, 0, 1], [null, null, '3480.00']],
    ['stranger', [0, 0, 0], [null, null, null]],
  ])('%s', async (name, counts, balances) => {
    const { found } = await entities<{
      invoices: Connection<{ id: string }>;
      balance: { amount: string } | null;
    }>(viewers[name], 'Account', invoiceOwners, 'invoices { totalCount nodes { id } } balance { amount }');
    expect(found.map((account) => account?.invoices.totalCount)).toEqual(counts);
    expect(found.map((account) => account?.balance?.amount ?? null)).toEqual(balances);
  });

  test('an order and a subscription show only what the viewer pays', async () => {
    const ask = async (viewer: Viewer) => {
      const order = await entities<{ invoices: unknown[] }>(
        viewer,
        'Order',
        [orders.north.id],
        'invoices { id }',
      );
      const sold = await entities<{ invoices: unknown[] }>(
        viewer,
        'BillingSubscription',
        [subscriptionOf('north')],
        'invoices { id }',
      );
      return [order.found[0]?.invoices.length, sold.found[0]?.invoices.length];
    };
    expect(await ask(viewers.internal)).toEqual([1, 1]);
    expect(await ask(viewers.north)).toEqual([1, 1]);
    expect(await ask(viewers.customer)).toEqual([0, 0]);
    expect(await ask(viewers.south)).toEqual([0, undefined]);
  });
});

test('the sold-to of a partner sale sees what was bought, and neither its price nor who pays', async () => {
  const fields = 'invoiceOwner { id } items { productCode unitPrice { amount } }';
  const ids = [subscriptionOf('direct'), subscriptionOf('north')];
  const asked = async (viewer: Viewer) => (await entities(viewer, 'BillingSubscription', ids, fields)).found;
  const priced = { productCode: 'PREMIUM', unitPrice: { amount: '29.00' } };
  const direct = {
    invoiceOwner: { id: customer.id },
    items: [priced, { productCode: 'AI_ADD_ON', unitPrice: { amount: '19.00' } }],
  };
  expect(await asked(viewers.customer)).toEqual([
    direct,
    { invoiceOwner: null, items: [{ productCode: 'PREMIUM', unitPrice: null }] },
  ]);
  const sold = { invoiceOwner: { id: northAccount.id }, items: [priced] };
  expect(await asked(viewers.internal)).toEqual([direct, sold]);
  expect(await asked(viewers.north)).toEqual([null, sold]);
});

describe('who sees the profile of which account', () => {
  const accounts = [customer, stranger, northAccount];
  test.each<[keyof typeof viewers, readonly (string | null)[]]>([
    ['internal', ['Customer', 'Stranger', 'North Inc.']],
    ['customer', ['Customer', null, null]],
    ['north', ['Customer', null, 'North Inc.']],
    ['other', [null, null, null]],
    ['unknown', [null, null, null]],
  ])('%s, for one statement', async (name, names) => {
    const { found, statements } = await entities<object>(
      viewers[name],
      'Account',
      accounts.map(({ id }) => id),
      'name countryCode billingTimeZone currency',
    );
    expect(found).toEqual(
      accounts.map(({ countryCode, billingTimeZone, currency }, index) => {
        const shown = names[index] ?? null;
        return shown === null
          ? { name: null, countryCode: null, billingTimeZone: null, currency: null }
          : { name: shown, countryCode, billingTimeZone, currency };
      }),
    );
    expect(statements).toHaveLength(1);
  });
});

describe('currentAccount', () => {
  const ask = async (viewer: Viewer) => {
    const answer = await service.query<{ currentAccount: { id: string } | null }>(
      viewer,
      '{ currentAccount { id } }',
    );
    expect(answer.errors).toEqual([]);
    return {
      id: answer.data?.currentAccount?.id ?? null,
      statements: service.statements(answer.requestId).length,
    };
  };

  test('is the account of a product’s token, for one statement', async () => {
    expect(await ask(viewers.customer)).toEqual({ id: customer.id, statements: 1 });
  });

  interface Shown {
    readonly currentAccount: {
      readonly name: string;
      readonly subscriptions: Connection<{ id: string }> | null;
      readonly others?: Connection<{ id: string }>;
    } | null;
  }
  const askFor = async (viewer: Viewer, fields: string, defined = '') => {
    const answer = await service.query<Shown>(
      viewer,
      `query ${defined} { currentAccount { name ${fields} } }`,
    );
    const statements = service.statements(answer.requestId).length;
    return { account: answer.data?.currentAccount ?? null, errors: answer.errors, statements };
  };
  const page = '{ totalCount nodes { id partnerOfRecord { name } } pageInfo { hasNextPage } }';

  test('comes with its subscriptions by one statement', async () => {
    const whole = await askFor(viewers.customer, `subscriptions ${page}`);
    expect(whole).toMatchObject({ errors: [], statements: 1, account: { name: 'Customer' } });
    expect(whole.account?.subscriptions?.totalCount).toBe(3);
    expect(whole.account?.subscriptions?.nodes.map(({ id }) => id).toSorted()).toEqual(allSubscriptions);
    const stranger = await askFor(viewers.stranger, `subscriptions(first: 2) ${page}`);
    const none = { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false } };
    expect(stranger).toEqual({
      account: { name: 'Stranger', subscriptions: none },
      errors: [],
      statements: 1,
    });
    expect(await askFor(viewers.unknown, `subscriptions ${page}`)).toMatchObject({
      account: null,
      statements: 1,
    });
  });

  test.each<[string, string, number, number]>([
    ['', `subscriptions(first: 2) ${page}`, 2, 1],
    ['($first: Int = 1)', `subscriptions(first: $first) ${page}`, 1, 1],
    ['', `subscriptions ${page} others: subscriptions(first: 1) ${page}`, 3, 3],
    ['($asked: Boolean! = true)', `subscriptions @include(if: $asked) ${page}`, 3, 2],
    ['', `... on Account { subscriptions(first: 1) ${page} }`, 1, 2],
  ])('has the page that is asked for: %s %s', async (defined, fields, count, statements) => {
    const answer = await askFor(viewers.customer, fields, defined);
    expect(answer).toMatchObject({ errors: [], statements });
    expect(answer.account?.subscriptions).toMatchObject({ totalCount: 3 });
    expect(answer.account?.subscriptions?.nodes).toHaveLength(count);
    if (fields.includes('others')) expect(answer.account?.others?.nodes).toHaveLength(1);
  });

  test('is there whatever is wrong with the page', async () => {
    const answer = await askFor(viewers.customer, `subscriptions(first: 0) ${page}`);
    expect(answer.account).toEqual({ name: 'Customer', subscriptions: null });
    expect(answer.errors).toMatchObject([
      {
        path: ['currentAccount', 'subscriptions'],
        extensions: { code: 'PAGE_SIZE_INVALID', field: 'first' },
      },
    ]);
    expect((await askFor(viewers.customer, `subscriptions @skip(if: true) ${page}`)).account).toEqual({
      name: 'Customer',
    });
  });

  test('is nobody’s without a grant, and nobody else’s', async () => {
    expect(await ask(viewers.unknown)).toEqual({ id: null, statements: 1 });
    expect(await ask(viewers.internal)).toEqual({ id: null, statements: 0 });
    expect(await ask(viewers.north)).toEqual({ id: null, statements: 0 });
  });
});

// Who sees which partner, `test/federation/shown-partners.test.ts` holds against what partners itself shows.
test('who sells a subscription is shown as partners told it last, and not before it told it', async () => {
  const ask = async () => {
    const { found, statements } = await entities<{ partnerOfRecord: object | null }>(
      viewers.internal,
      'BillingSubscription',
      (['direct', 'north', 'south'] as const).map(subscriptionOf),
      'partnerOfRecord { id name kind contactEmail }',
    );
    expect(statements).toHaveLength(1);
    return found.map((subscription) => subscription?.partnerOfRecord);
  };
  const shown = { id: north, name: 'North', kind: 'RESELLER', contactEmail: 'sales@north.example' };
  expect(await ask()).toEqual([null, shown, null]);
  await tellPartner(north, 'Northern');
  expect(await ask()).toEqual([
    null,
    { ...shown, name: 'Northern', contactEmail: 'sales@northern.example' },
    null,
  ]);
});

test('a subscription tells all that was agreed', async () => {
  const { found } = await entities(
    viewers.internal,
    'BillingSubscription',
    [subscriptionOf('north')],
    `number status quantity account { id } partnerOfRecord { id } deployment { id } plan { code }
     currentTerm { startDate endDate months } renewal { date automatic quantity }
     items { product { code } quantity pricePeriod }
     history { version cause order { id } recordedBy recordedAt effectiveOn planCode quantity
               term { startDate endDate months } items { productCode unitPrice { amount currency } } }`,
  );
  const term = { startDate: '2025-03-05', endDate: '2026-03-05', months: 12 };
  expect(found).toEqual([
    {
      number: expect.stringMatching(/^S-\d{8}$/),
      status: 'ACTIVE',
      quantity: 10,
      account: { id: customer.id },
      partnerOfRecord: { id: north },
      deployment: { id: orders.north.actions[0]?.deployment?.id },
      plan: { code: 'PREMIUM' },
      currentTerm: term,
      renewal: { date: '2026-03-05', automatic: true, quantity: 10 },
      items: [{ product: { code: 'PREMIUM' }, quantity: 10, pricePeriod: 'MONTH' }],
      history: [
        {
          version: 1,
          cause: 'ORDER',
          order: { id: orders.north.id },
          recordedBy: 'person:buyer@example.com',
          recordedAt: now.toISOString(),
          effectiveOn: '2025-03-05',
          planCode: 'PREMIUM',
          quantity: 10,
          term,
          items: [{ productCode: 'PREMIUM', unitPrice: { amount: '29.00', currency: 'USD' } }],
        },
      ],
    },
  ]);
});

test('an invoice tells what is charged, why, and what was paid', async () => {
  const { found } = await entities<{ invoices: { id: string }[] }>(
    viewers.internal,
    'Order',
    [orders.direct.id],
    'invoices { id }',
  );
  const id = found[0]?.invoices[0]?.id ?? '';
  await service.rows(
    `INSERT INTO payment (id, invoice_id, amount_minor, overpaid_minor, received_at, reference, origin)
     VALUES ($1, $2, 100050, 0, $3, 'wire', 'RECORDED')`,
    [derivedId('payment', id), id, now],
  );
  const invoice = await entities(
    viewers.customer,
    'Invoice',
    [id],
    `status issuedOn dueOn order { id } invoiceOwner { id } total { amount } amountPaid { amount } amountDue { amount }
     lines { position productCode description quantity unitPrice { amount } pricePeriod serviceStart serviceEnd
             prorationRatio prorationPolicy amount { amount currency } subscription { id } }`,
  );
  const line = {
    pricePeriod: 'MONTH',
    serviceStart: '2025-03-05',
    serviceEnd: '2026-03-05',
    prorationRatio: '1',
    prorationPolicy: 'ACTUAL_DAYS',
    subscription: { id: subscriptionOf('direct') },
  };
  expect(invoice.found).toEqual([
    {
      status: 'PARTLY_PAID',
      issuedOn: '2025-12-20',
      dueOn: '2026-01-19',
      order: { id: orders.direct.id },
      invoiceOwner: { id: customer.id },
      total: { amount: '4620.00' },
      amountPaid: { amount: '1000.50' },
      amountDue: { amount: '3619.50' },
      lines: [
        {
          ...line,
          position: 1,
          productCode: 'PREMIUM',
          description: 'Premium, 2025-03-05 to 2026-03-04',
          quantity: 10,
          unitPrice: { amount: '29.00' },
          amount: { amount: '3480.00', currency: 'USD' },
        },
        {
          ...line,
          position: 2,
          productCode: 'AI_ADD_ON',
          description: 'AI add-on, 2025-03-05 to 2026-03-04',
          quantity: 5,
          unitPrice: { amount: '19.00' },
          amount: { amount: '1140.00', currency: 'USD' },
        },
      ],
    },
  ]);
  // One for the invoice with its lines and payments, one for the subscriptions of all lines.
  expect(invoice.statements).toHaveLength(2);
});

describe('subscriptionsDueForRenewal', () => {
  const ask = async (viewer: Viewer, args = '') => {
    const answer = await service.query<{ subscriptionsDueForRenewal: Connection<{ id: string }> | null }>(
      viewer,
      `{ subscriptionsDueForRenewal${args} { totalCount nodes { id } } }`,
    );
    const nodes = answer.data?.subscriptionsDueForRenewal?.nodes.map(({ id }) => id).toSorted() ?? null;
    return {
      nodes,
      error: answer.errors[0]?.extensions,
      statements: service.statements(answer.requestId).length,
    };
  };

  test('lists what ends within 90 days, each viewer their own, for one statement', async () => {
    expect(await ask(viewers.internal)).toEqual({ nodes: allSubscriptions, error: undefined, statements: 1 });
    expect((await ask(viewers.north)).nodes).toEqual([subscriptionOf('north')]);
    expect((await ask(viewers.other)).nodes).toEqual([]);
  });

  test.each([
    ['a window that ends before', '(filter: { endsBefore: "2026-03-05" })', []],
    ['a window that begins on the day', '(filter: { endsFrom: "2026-03-05" })', allSubscriptions],
    ['a window that begins after', '(filter: { endsFrom: "2026-03-06" })', []],
    ['a partner', `(filter: { partnerId: "${south}" })`, [subscriptionOf('south')]],
    ['automatic alone', '(filter: { automatic: true })', allSubscriptions],
    ['not automatic', '(filter: { automatic: false })', []],
    ['the most seats first', '(sort: QUANTITY_DESC, first: 3)', allSubscriptions],
    ['backward', '(sort: TERM_END_DESC, last: 3)', allSubscriptions],
  ])('takes %s', async (_, args, expected) => {
    expect((await ask(viewers.internal, args)).nodes).toEqual(expected);
  });

  test.each([
    ['(first: 0)', 'PAGE_SIZE_INVALID', 'first'],
    ['(first: 100000)', 'PAGE_SIZE_INVALID', 'first'],
    ['(first: 1, last: 1)', 'PAGE_ARGUMENTS_CONFLICT', 'first'],
    ['(after: "nonsense")', 'CURSOR_INVALID', 'after'],
    ['(filter: { partnerId: "nonsense" })', 'ID_INVALID', 'filter.partnerId'],
    [
      '(filter: { endsFrom: "2026-03-05", endsBefore: "2026-03-05" })',
      'ARGUMENT_INVALID',
      'filter.endsBefore',
    ],
  ])('refuses %s', async (args, code, field) => {
    expect(await ask(viewers.internal, args)).toMatchObject({ nodes: null, error: { code, field } });
  });

  test('pages through all of them', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const answer: { data: RenewalPage | null } = await service.query<RenewalPage>(
        viewers.internal,
        `query ($after: String) {
           subscriptionsDueForRenewal(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
         }`,
        { after },
      );
      const page = answer.data?.subscriptionsDueForRenewal;
      seen.push(...(page?.nodes.map(({ id }) => id) ?? []));
      after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen.toSorted()).toEqual(allSubscriptions);
  });
});

interface RenewalPage {
  readonly subscriptionsDueForRenewal: {
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

test('every level costs one statement, however many parents and rows there are', async () => {
  const accounts = [customer.id, northAccount.id, southAccount.id, stranger.id];
  const { found, statements } = await entities(
    viewers.internal,
    'Account',
    accounts,
    `subscriptions(first: 5) { nodes { status renewal { date } history { version } invoices { number lines { amount { amount } } } } }
     invoices(first: 5) { nodes { number status lines { subscription { number history { version } } } } }
     balance { amount }`,
  );
  expect(found).toHaveLength(4);
  // Of accounts: subscriptions, invoices, balance. Of those: histories, invoices of subscriptions, subscriptions of
  // lines; the histories of these are loaded by then.
  expect(statements).toHaveLength(6);
});

test('a malformed id is told, and a malformed reference is nothing', async () => {
  const answer = await service.query(viewers.internal, '{ billingSubscription(id: "nonsense") { id } }');
  expect(answer.errors[0]?.extensions).toMatchObject({ code: 'ID_INVALID', field: 'id' });
  expect((await entities(viewers.internal, 'Account', ['nonsense'], 'balance { amount }')).found).toEqual([
    null,
  ]);
  expect((await entities(viewers.internal, 'Invoice', ['nonsense'], 'number')).found).toEqual([null]);
});

test('without a viewer token nothing is answered', async () => {
  const answer = await service.query(null, '{ currentAccount { id } }');
  expect(answer.status).toBe(401);
  expect(answer.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
});
