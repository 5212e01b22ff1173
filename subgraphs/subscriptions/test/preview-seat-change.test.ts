import { randomUUID } from 'node:crypto';
import type { Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { addMonths, localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import type { ReconciliationMode } from '../src/domain/reconciliation/mode.js';
import { runReconciliations } from '../src/service/reconcile-seats.js';
import { runDueSubscriptions } from '../src/service/run-due.js';
import { exampleAccount, type ExampleOrder, exampleOrder, premium } from './example-order.js';

let now = new Date('2026-02-10T12:00:00Z');
const clock = { now: async () => now };
const service = await startServiceHarness(subscriptionsDefinition, { clock, periodic: false });
const { transaction } = await openUnitOfWork(subscriptionsDefinition, service.databaseUrl, clock);

const internal = internalViewer();

interface Price {
  readonly net: { readonly amount: string };
  readonly total: { readonly amount: string };
  readonly additional: { readonly amount: string };
}

interface Previewed {
  readonly mode: string;
  readonly willCost: boolean;
  readonly seats: number;
  readonly users: number;
  readonly seatsBilled: number;
  readonly billedOn: string | null;
  readonly price: Price | null;
}

interface Customer {
  readonly account: AccountPayload;
  readonly order: OrderPayload;
}

/** Ten seats of Premium for the year 2026, in the Netherlands, at 21 per cent of tax. */
async function newCustomer(
  agreement: Partial<Agreement> = {},
  more: Partial<ExampleOrder> = {},
  billingTimeZone = 'Europe/Amsterdam',
): Promise<Customer> {
  now = new Date('2026-02-10T12:00:00Z');
  const name = randomUUID();
  const account = exampleAccount(name, {
    countryCode: 'NL',
    legalEntityCode: 'EU',
    billingTimeZone,
  });
  await service.deliver('orders.account', account, { aggregateId: account.id });
  const order = exampleOrder({
    name,
    soldTo: account,
    effectiveDate: '2026-01-01',
    subscriptions: [[premium]],
    taxRate: '21',
    agreement,
    ...more,
  });
  await service.deliver('orders.order', order, { aggregateId: order.id });
  return { account, order };
}

/** As licenses tells it: as many users now, and the highest use of the first quarter. */
async function report({ account, order }: Customer, used: number, maximum = used): Promise<void> {
  const [action] = order.actions;
  const term = { start: localDate('2026-01-01'), end: addMonths(localDate('2026-01-01'), 12) };
  await service.deliver(
    'licenses.seat-usage',
    {
      deploymentId: action?.deployment?.id ?? '',
      accountId: account.id,
      subscriptionId: action?.subscriptionId ?? '',
      term: { startDate: term.start, endDate: term.end },
      used,
      reportedAt: now.toISOString(),
      maximum,
      quarters: [],
      days: [[31, 1, maximum]],
    },
    { aggregateId: action?.deployment?.id ?? '' },
  );
}

async function preview({ order }: Customer, addUsers: number, viewer: Viewer = internal) {
  return service.query<{ previewSeatChange: Previewed | null }>(
    viewer,
    `query ($externalId: String!, $addUsers: Int!) {
       previewSeatChange(deploymentKind: SAAS_NAMESPACE, externalId: $externalId, addUsers: $addUsers) {
         mode willCost seats users seatsBilled billedOn
         price { net { amount } total { amount } additional { amount } } } }`,
    { externalId: order.actions[0]?.deployment?.externalId, addUsers },
  );
}

async function previewed(customer: Customer, addUsers: number): Promise<Previewed> {
  const { data, errors } = await preview(customer, addUsers);
  expect(errors).toEqual([]);
  if (!data?.previewSeatChange) throw new Error('There is a subscription');
  return data.previewSeatChange;
}

async function setTerms(accountId: string, mode: ReconciliationMode | null) {
  const { data } = await service.query<{ setReconciliationTerms: object }>(
    internal,
    `mutation ($input: SetReconciliationTermsInput!) { setReconciliationTerms(input: $input) {
       reconciliationTerms { mode setBy account { id } } userErrors { code field } } }`,
    { input: { idempotencyKey: randomUUID(), accountId, mode } },
  );
  return data?.setReconciliationTerms;
}

/** What reconciliation billed, with tax, in major units. */
async function billedFor({ order }: Customer): Promise<string | null> {
  const everybody = { kind: 'EVERYBODY', limit: 50 } as const;
  while ((await transaction((work) => runDueSubscriptions(work, everybody, now))) > 0);
  while ((await transaction((work) => runReconciliations(work, everybody, now))) > 0);
  const [row] = await service.rows<{ total_minor: string }>(
    `SELECT i.total_minor FROM seat_reconciliation AS r JOIN invoice AS i ON i.id = r.document_id
     WHERE r.subscription_id = $1`,
    [order.actions[0]?.subscriptionId],
  );
  return row === undefined ? null : (Number(row.total_minor) / 100).toFixed(2);
}

describe('previewSeatChange', () => {
  const billing = (period: Agreement['billing']['period'], policy: Agreement['billing']['policy']) => ({
    billing: { period, anchor: localDate('2026-01-01'), policy },
  });

  test.each<[mode: ReconciliationMode, agreement: Partial<Agreement>, used: number, add: number, on: string]>(
    [
      ['QUARTERLY', billing('YEAR', 'STRICT_30_360'), 9, 4, '2026-04-01'],
      ['QUARTERLY', billing('MONTH', 'ACTUAL_DAYS'), 10, 1, '2026-04-01'],
      ['QUARTERLY', billing('QUARTER', 'FIXED_30'), 12, 7, '2026-04-01'],
      ['TRUE_UP', billing('YEAR', 'ACTUAL_DAYS'), 9, 3, '2027-01-01'],
      ['TRUE_UP', billing('MONTH', 'FIXED_30'), 12, 3, '2027-01-01'],
    ],
  )('%s, %o: shows to the cent what is then billed', async (mode, agreement, used, add, on) => {
    const customer = await newCustomer(agreement);
    await setTerms(customer.account.id, mode);
    await report(customer, used);
    const shown = await previewed(customer, add);
    expect(shown).toMatchObject({
      mode,
      willCost: true,
      seats: 10,
      users: used + add,
      seatsBilled: used + add - 10,
      billedOn: on,
    });
    await report(customer, used + add);
    now = new Date(`${on}T00:00:00Z`);
    expect(await billedFor(customer)).toBe(shown.price?.total.amount);
  });

  test('says what of it is for the additional users, and that room costs nothing', async () => {
    const customer = await newCustomer(billing('YEAR', 'STRICT_30_360'));
    await report(customer, 7, 12);
    // Two are over already: three more users stay below the peak.
    expect(await previewed(customer, 3)).toMatchObject({
      willCost: false,
      seatsBilled: 2,
      price: { net: { amount: '522.00' }, total: { amount: '631.62' }, additional: { amount: '0.00' } },
    });
    expect(await previewed(customer, 6)).toMatchObject({
      willCost: true,
      seatsBilled: 3,
      price: { net: { amount: '783.00' }, additional: { amount: '315.81' } },
    });
  });

  describe('between the midnights of UTC and of the account', () => {
    const inLosAngeles = async (mode: ReconciliationMode | null) => {
      const customer = await newCustomer(billing('YEAR', 'STRICT_30_360'), {}, 'America/Los_Angeles');
      if (mode !== null) await setTerms(customer.account.id, mode);
      return customer;
    };

    test('users already count for the next quarter, and what is settled before is billed before', async () => {
      const customer = await inLosAngeles('QUARTERLY');
      await report(customer, 12);
      // It is 31 March there, and 1 April in UTC.
      now = new Date('2026-04-01T02:00:00Z');
      const shown = await previewed(customer, 3);
      // The two that are over are bought on 1 April, for 15 in all on 1 July.
      expect(shown).toMatchObject({
        willCost: true,
        seats: 12,
        seatsBilled: 3,
        billedOn: '2026-07-01',
        price: { net: { amount: '522.00' }, additional: { amount: '631.62' } },
      });
      now = new Date('2026-04-01T07:00:00Z');
      expect(await billedFor(customer)).toBe('631.62');
      expect(await previewed(customer, 3)).toMatchObject({ seats: 12, seatsBilled: 3, price: shown.price });
    });

    test('users already count for the next term, if there is one', async () => {
      const customer = await inLosAngeles('QUARTERLY');
      await report(customer, 9);
      // It is 31 December there, and the next term in UTC.
      now = new Date('2027-01-01T02:00:00Z');
      expect(await previewed(customer, 4)).toMatchObject({
        willCost: true,
        seatsBilled: 3,
        billedOn: '2027-04-01',
      });
      const ending = await newCustomer(
        { renewal: { automatic: false, termMonths: 12, upliftPercent: '0', planned: [] } },
        {},
        'America/Los_Angeles',
      );
      await setTerms(ending.account.id, 'TRUE_UP');
      await report(ending, 10);
      now = new Date('2027-01-01T02:00:00Z');
      expect(await previewed(ending, 50)).toMatchObject({ willCost: false, seatsBilled: 0, billedOn: null });
    });

    test('where it is off they cost nothing', async () => {
      const customer = await inLosAngeles('OFF');
      await report(customer, 12);
      for (const at of ['2026-04-01T02:00:00Z', '2027-01-01T02:00:00Z']) {
        now = new Date(at);
        expect(await previewed(customer, 900)).toMatchObject({
          mode: 'OFF',
          willCost: false,
          seatsBilled: 0,
        });
      }
    });
  });

  test('never says that it will cost where reconciliation is off, in a trial, or in the last quarter', async () => {
    const off = await newCustomer();
    expect(await setTerms(off.account.id, 'OFF')).toEqual({
      reconciliationTerms: { mode: 'OFF', setBy: 'internal:test-internal', account: { id: off.account.id } },
      userErrors: [],
    });
    const free = { willCost: false, seatsBilled: 0, billedOn: null, price: { total: { amount: '0.00' } } };
    expect(await previewed(off, 1_000_000)).toMatchObject({ mode: 'OFF', ...free });
    expect(await setTerms(off.account.id, null)).toEqual({ reconciliationTerms: null, userErrors: [] });
    expect(await previewed(off, 11)).toMatchObject({ mode: 'QUARTERLY', willCost: true });
    const trial = await newCustomer({
      trial: true,
      term: { startDate: localDate('2026-01-01'), endDate: localDate('2026-03-01'), months: null },
    });
    expect(await previewed(trial, 500)).toMatchObject({ mode: 'OFF', ...free });
    const late = await newCustomer();
    now = new Date('2026-10-01T12:00:00Z');
    expect(await previewed(late, 500)).toMatchObject({ mode: 'QUARTERLY', ...free });
  });

  test('shows the customer of a partner no price, and nothing to whom it is none of their business', async () => {
    const payer = exampleAccount('Payer');
    await service.deliver('orders.account', payer, { aggregateId: payer.id });
    const partnerId = derivedId('test-partner', 'seller');
    const customer = await newCustomer({}, { invoiceOwner: payer, partnerId, taxRate: '0' });
    const grant = {
      subject: { kind: 'ACCOUNT' as const, id: customer.account.id },
      object: { kind: 'ACCOUNT' as const, id: customer.account.id },
      from: '2025-01-01T00:00:00.000Z',
      until: null,
    };
    await service.deliver('orders.grant', grant, {
      aggregateId: derivedId('test-grant', customer.account.id),
    });
    const own = await preview(customer, 20, productViewer(customer.account.id));
    expect(own.data?.previewSeatChange).toMatchObject({ mode: 'TRUE_UP', willCost: true, price: null });
    const seller = await preview(customer, 20, partnerViewer(partnerId));
    expect(seller.data?.previewSeatChange).toMatchObject({ price: { net: { amount: '3480.00' } } });
    for (const viewer of [
      productViewer(randomUUID()),
      partnerViewer(randomUUID()),
      productViewer(customer.account.id, { deploymentId: randomUUID() }),
    ]) {
      expect((await preview(customer, 20, viewer)).data).toEqual({ previewSeatChange: null });
    }
  });

  test.each([0, -1, 1_000_001])('refuses %d users', async (users) => {
    const { errors } = await preview(await newCustomer(), users);
    expect(errors).toMatchObject([{ extensions: { code: 'ARGUMENT_INVALID', field: 'addUsers' } }]);
  });
});

describe('what was settled', () => {
  test('is shown inside the company, with its invoice; the account’s own terms too', async () => {
    const customer = await newCustomer();
    await setTerms(customer.account.id, 'QUARTERLY');
    await report(customer, 15);
    now = new Date('2026-04-01T00:00:00Z');
    await billedFor(customer);
    const ask = async (viewer: Viewer) => {
      const { data } = await service.query<{ billingSubscription: object | null }>(
        viewer,
        `query ($id: ID!) { billingSubscription(id: $id) { seatReconciliations {
           dueOn mode termStart maximum agreed seats invoice { status } } } }`,
        { id: customer.order.actions[0]?.subscriptionId },
      );
      return data?.billingSubscription;
    };
    expect(await ask(internal)).toEqual({
      seatReconciliations: [
        {
          dueOn: '2026-04-01',
          mode: 'QUARTERLY',
          termStart: '2026-01-01',
          maximum: 15,
          agreed: 10,
          seats: 5,
          invoice: { status: 'POSTED' },
        },
      ],
    });
    const { data } = await service.query<{ _entities: object[] }>(
      internal,
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Account { reconciliationTerms { mode } } } }`,
      { of: [{ __typename: 'Account', id: customer.account.id }] },
    );
    expect(data?._entities).toEqual([{ reconciliationTerms: { mode: 'QUARTERLY' } }]);
  });

  test('where it is off, a day is written down all the same, and terms are for the use from their day on', async () => {
    const customer = await newCustomer();
    await setTerms(customer.account.id, 'OFF');
    await report(customer, 15);
    now = new Date('2026-04-01T00:00:00Z');
    expect(await billedFor(customer)).toBeNull();
    now = new Date('2026-05-02T09:00:00Z');
    await setTerms(customer.account.id, 'QUARTERLY');
    const { data } = await service.query<{ billingSubscription: object; _entities: object[] }>(
      internal,
      `query ($id: ID!, $of: [_Any!]!) {
         billingSubscription(id: $id) { seatReconciliations { dueOn mode maximum agreed seats invoice { id } } }
         _entities(representations: $of) { ... on Account { reconciliationTerms { mode from } } } }`,
      {
        id: customer.order.actions[0]?.subscriptionId,
        of: [{ __typename: 'Account', id: customer.account.id }],
      },
    );
    expect(data).toEqual({
      billingSubscription: {
        seatReconciliations: [
          { dueOn: '2026-04-01', mode: 'OFF', maximum: 15, agreed: 10, seats: 0, invoice: null },
        ],
      },
      _entities: [{ reconciliationTerms: { mode: 'QUARTERLY', from: '2026-05-02' } }],
    });
    now = new Date('2026-07-01T00:00:00Z');
    expect(await billedFor(customer)).toBeNull();
    // The terms of before stay known, and nothing of them is ever changed.
    await expect(service.rows('UPDATE reconciliation_terms SET from_on = from_on')).rejects.toThrow(
      /reconciliation_terms/,
    );
  });

  test('terms of an account that does not exist, and without the scope, are refused', async () => {
    expect(await setTerms(randomUUID(), 'OFF')).toEqual({
      reconciliationTerms: null,
      userErrors: [{ code: 'ACCOUNT_NOT_FOUND', field: ['accountId'] }],
    });
    const { errors } = await service.query(
      internalViewer({ scopes: ['billing:read'] }),
      `mutation ($input: SetReconciliationTermsInput!) { setReconciliationTerms(input: $input) { userErrors { code } } }`,
      { input: { idempotencyKey: randomUUID(), accountId: randomUUID(), mode: 'OFF' } },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
