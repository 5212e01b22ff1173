import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startSystem } from '../kit/system.js';

/*
 * One subscription through a year and more on a test clock, through the graph alone, as subscriptions' README tells it: trial,
 * paid, more seats, upgrade, a failed payment, dunning, renewal with uplift, cancellation with credit. Prices are those of the
 * list; the tax is the Dutch one, 21 per cent.
 */
const system = await startSystem();
const finance = {
  audience: 'internal',
  subject: 'finance',
  scopes: [
    'accounts:read',
    'billing:read',
    'billing:write',
    'ledger:read',
    'licenses:read',
    'orders:place',
    'orders:read',
    'sandbox:read',
    'sandbox:write',
    'seats:write',
  ],
} as const;

type Variables = Record<string, unknown>;

async function ask<Data>(document: string, variables: Variables = {}): Promise<Data> {
  const { data, errors } = await system.graphql<Data>(finance, document, variables);
  expect(errors).toEqual([]);
  if (data === null || data === undefined) throw new Error('There is no data');
  return data;
}

const line = `lines { kind productCode quantity serviceStart serviceEnd amount { amount } tax { rate amount { amount } } }`;

interface Line {
  kind: string;
  productCode: string;
  quantity: number;
  serviceStart: string;
  serviceEnd: string;
  amount: { amount: string };
  tax: { rate: string; amount: { amount: string } };
}

interface Document {
  id: string;
  number: string;
  issuedOn: string;
  status?: string;
  total: { amount: string };
  lines: Line[];
}

const cents = (amount: string) => Math.round(Number(amount) * 100);

/** What a document says, a line each: `CREDIT PREMIUM 10 2027-03-11..2027-04-01 -196.45`. */
const told = ({ lines }: { lines: Line[] }) =>
  lines.map(
    ({ kind, productCode, quantity, serviceStart, serviceEnd, amount }) =>
      `${kind} ${productCode} ${quantity} ${serviceStart}..${serviceEnd} ${amount.amount}`,
  );

/** Made by the first test, on which all the others build. */
let accountId = '';
let subscriptionId = '';

async function openSandbox(): Promise<string> {
  const { openSandboxAccount } = await ask<{
    openSandboxAccount: { account: { id: string; sandbox: boolean }; userErrors: unknown[] };
  }>(
    `mutation ($input: OpenSandboxAccountInput!) {
       openSandboxAccount(input: $input) { account { id sandbox } userErrors { code message field } } }`,
    {
      input: {
        idempotencyKey: randomUUID(),
        name: 'A year in the sandbox',
        countryCode: 'NL',
        billingTimeZone: 'Europe/Amsterdam',
        currency: 'USD',
        paymentTermsDays: 14,
      },
    },
  );
  expect(openSandboxAccount).toMatchObject({ account: { sandbox: true }, userErrors: [] });
  const { id } = openSandboxAccount.account;
  await expect.poll(() => clock(id)).not.toBeNull();
  // A first of January, so that every figure below is the same whenever this runs.
  await advance(id, '2028-01-01T12:00:00Z');
  return id;
}

async function clock(account = accountId): Promise<{ now: string; settled: boolean } | null> {
  const { testClock } = await ask<{ testClock: { now: string; settled: boolean } | null }>(
    'query ($id: ID!) { testClock(accountId: $id) { now settled } }',
    { id: account },
  );
  return testClock;
}

async function advance(account: string, to: string): Promise<void> {
  const { advanceTestClock } = await ask<{ advanceTestClock: { userErrors: unknown[] } }>(
    `mutation ($input: AdvanceTestClockInput!) {
       advanceTestClock(input: $input) { testClock { target settled } userErrors { code message field } } }`,
    { input: { idempotencyKey: randomUUID(), accountId: account, to } },
  );
  expect(advanceTestClock.userErrors).toEqual([]);
  const there = { now: new Date(to).toISOString(), settled: true };
  await expect.poll(() => clock(account), { timeout: 30_000 }).toEqual(there);
  // Orders follows by event: it judges by the account's new day once it has come.
  const today = to.slice(0, 10);
  await expect.poll(() => ordersToday(account)).toBe(today);
}

/** The account's day in orders: that on which a trial for a new deployment would take effect. */
async function ordersToday(account: string): Promise<string | null> {
  const { previewOrder } = await ask<{ previewOrder: { effectiveDate: string | null } }>(
    'query ($input: PreviewOrderInput!) { previewOrder(input: $input) { effectiveDate } }',
    { input: { accountId: account, actions: [create(`probe-${account}`, 1)] } },
  );
  return previewOrder.effectiveDate;
}

function create(externalId: string, quantity: number): Variables {
  return {
    createSubscription: {
      deployment: { kind: 'SAAS_NAMESPACE', externalId },
      planCode: 'PREMIUM',
      quantity,
      trialDays: 14,
      autoRenewal: true,
      billingPeriod: 'MONTH',
      commercialTerms: { renewalUpliftPercent: '5', decreaseAtOnce: true },
    },
  };
}

async function startTrial(): Promise<string> {
  const { order } = await place([create(`year-${accountId}`, 10)]);
  const { order: found } = await ask<{ order: { actions: { subscription: { id: string } }[] } }>(
    'query ($id: ID!) { order(id: $id) { actions { subscription { id } } } }',
    { id: order.id },
  );
  return found.actions[0]?.subscription.id ?? '';
}

interface Placed {
  order: { id: string };
  previewed: { total: { amount: string }; valueChange: Record<'mrr' | 'arr' | 'tcv', { amount: string }> };
}

/** Previews an order, places it, and waits until it is fulfilled; what was billed is what was shown. */
async function place(actions: Variables[]): Promise<Placed> {
  const input = { accountId, actions };
  const { previewOrder } = await ask<{
    previewOrder: Placed['previewed'] & { userErrors: unknown[] };
  }>(
    `query ($input: PreviewOrderInput!) { previewOrder(input: $input) {
       total { amount } valueChange { mrr { amount } arr { amount } tcv { amount } } userErrors { code message field } } }`,
    { input },
  );
  expect(previewOrder.userErrors).toEqual([]);
  const { placeOrder } = await ask<{ placeOrder: { order: { id: string }; userErrors: unknown[] } }>(
    `mutation ($input: PlaceOrderInput!) {
       placeOrder(input: $input) { order { id } userErrors { code message field } } }`,
    { input: { ...input, idempotencyKey: randomUUID(), expectedTotal: previewOrder.total.amount } },
  );
  expect(placeOrder.userErrors).toEqual([]);
  const { order } = placeOrder;
  const status = async () => {
    const { order: found } = await ask<{ order: { status: string; refusalReason: string | null } }>(
      'query ($id: ID!) { order(id: $id) { status refusalReason } }',
      { id: order.id },
    );
    return found;
  };
  await expect.poll(status, { timeout: 10_000 }).toEqual({ status: 'FULFILLED', refusalReason: null });
  return { order, previewed: previewOrder };
}

interface Books {
  balance: { amount: string };
  invoices: { nodes: (Document & { amountDue: { amount: string } })[] };
  creditMemos: { nodes: (Document & { remaining: { amount: string } })[] };
}

async function books(): Promise<Books> {
  const { account } = await ask<{ account: Books }>(
    `query ($id: ID!) { account(id: $id) { balance { amount }
       invoices(first: 50) { nodes { id number issuedOn status total { amount } amountDue { amount } ${line} } }
       creditMemos(first: 50) { nodes { id number issuedOn total { amount } remaining { amount } ${line} } } } }`,
    { id: accountId },
  );
  return account;
}

/** The newest invoice. */
async function newest(): Promise<Books['invoices']['nodes'][number]> {
  const [invoice] = (await books()).invoices.nodes;
  if (invoice === undefined) throw new Error('There is no invoice');
  return invoice;
}

async function collect(invoiceId: string, paymentMethodToken: string): Promise<string> {
  const { collectInvoice } = await ask<{
    collectInvoice: { attempt: { status: string }; userErrors: unknown[] };
  }>(
    `mutation ($input: CollectInvoiceInput!) {
       collectInvoice(input: $input) { attempt { status } userErrors { code message field } } }`,
    { input: { idempotencyKey: randomUUID(), invoiceId, paymentMethodToken } },
  );
  expect(collectInvoice.userErrors).toEqual([]);
  return collectInvoice.attempt.status;
}

/** Pays everything that is due. */
async function payAll(): Promise<void> {
  for (const { id, amountDue } of (await books()).invoices.nodes) {
    if (amountDue.amount !== '0.00') expect(await collect(id, 'pm_simulated_success')).toBe('SUCCEEDED');
  }
}

async function subscription<Data>(fields: string): Promise<Data> {
  const { billingSubscription } = await ask<{ billingSubscription: Data }>(
    `query ($id: ID!) { billingSubscription(id: $id) { ${fields} } }`,
    { id: subscriptionId },
  );
  return billingSubscription;
}

const statusOf = async () => (await subscription<{ status: string }>('status')).status;

describe('one subscription through a year', () => {
  it('begins with a trial of 14 days that costs nothing', async () => {
    accountId = await openSandbox();
    subscriptionId = await startTrial();
    expect(await statusOf()).toBe('TRIAL');
    expect((await books()).invoices.nodes).toEqual([]);
  });

  it('becomes paid by itself on the day on which the trial ends, and is billed by the month', async () => {
    await advance(accountId, '2028-01-15T09:00:00Z');
    expect(await statusOf()).toBe('ACTIVE');
    const invoice = await newest();
    expect(told(invoice)).toEqual(['CHARGE PREMIUM 10 2028-01-15..2028-02-15 290.00']);
    expect(invoice).toMatchObject({ issuedOn: '2028-01-15', total: { amount: '350.90' } });
    expect(await collect(invoice.id, 'pm_simulated_success')).toBe('SUCCEEDED');
    expect((await newest()).status).toBe('PAID');
  });

  it('has five more seats at once, for the rest of the month', async () => {
    await advance(accountId, '2028-01-25T09:00:00Z');
    const { previewed } = await place([
      { changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 15 } },
    ]);
    // 21 of 31 days: 290.00 goes back in part, 435.00 is charged in part.
    const invoice = await newest();
    expect(told(invoice)).toEqual([
      'CREDIT PREMIUM 10 2028-01-25..2028-02-15 -196.45',
      'CHARGE PREMIUM 15 2028-01-25..2028-02-15 294.68',
    ]);
    expect(invoice.total.amount).toBe('118.86');
    expect(previewed).toMatchObject({
      total: { amount: '118.86' },
      valueChange: { mrr: { amount: '145.00' }, arr: { amount: '1740.00' } },
    });
    await payAll();
  });

  it('is upgraded in the next month', async () => {
    await advance(accountId, '2028-02-15T09:00:00Z');
    expect(told(await newest())).toEqual(['CHARGE PREMIUM 15 2028-02-15..2028-03-15 435.00']);
    await payAll();
    await advance(accountId, '2028-03-01T09:00:00Z');
    await place([{ changePlan: { subscriptionId, planCode: 'ULTIMATE' } }]);
    // 14 of 29 days.
    expect(told(await newest())).toEqual([
      'CREDIT PREMIUM 15 2028-03-01..2028-03-15 -210.00',
      'CHARGE ULTIMATE 15 2028-03-01..2028-03-15 716.90',
    ]);
    await payAll();
  });

  it('is reminded of, then suspended, when a payment fails', async () => {
    await advance(accountId, '2028-03-15T09:00:00Z');
    const invoice = await newest();
    expect(told(invoice)).toEqual(['CHARGE ULTIMATE 15 2028-03-15..2028-04-15 1485.00']);
    expect(await collect(invoice.id, 'pm_simulated_decline')).toBe('DECLINED');
    await advance(accountId, '2028-04-13T09:00:00Z');
    expect((await newest()).status).toBe('OVERDUE');
    await advance(accountId, '2028-04-29T09:00:00Z');
    expect(await statusOf()).toBe('SUSPENDED');
    const { invoice: dunned } = await ask<{ invoice: { dunningSteps: { step: string }[] } }>(
      'query ($id: ID!) { invoice(id: $id) { dunningSteps { step takenOn } } }',
      { id: invoice.id },
    );
    expect(dunned.dunningSteps.map(({ step }) => step).toSorted()).toEqual([
      'FIRST_REMINDER',
      'LAST_REMINDER',
      'SECOND_REMINDER',
      'SUSPENSION',
    ]);
  });

  it('goes on when everything is paid', async () => {
    await payAll();
    await advance(accountId, '2028-05-01T09:00:00Z');
    expect(await statusOf()).toBe('ACTIVE');
    await payAll();
  });

  it('is renewed by itself after a year, at prices that rose by the agreed five per cent', async () => {
    for (const month of ['05', '06', '07', '08', '09', '10', '11', '12']) {
      await advance(accountId, `2028-${month}-16T09:00:00Z`);
      await payAll();
    }
    await advance(accountId, '2029-01-15T09:00:00Z');
    expect(told(await newest())).toEqual(['CHARGE ULTIMATE 15 2029-01-15..2029-02-15 1559.25']);
    await payAll();
    const { history } = await subscription<{ history: { cause: string; effectiveOn: string }[] }>(
      'history { cause effectiveOn }',
    );
    expect(history.toReversed().map(({ cause, effectiveOn }) => `${effectiveOn} ${cause}`)).toEqual([
      '2028-01-01 ORDER',
      '2028-01-15 TRIAL_END',
      '2028-01-25 ORDER',
      '2028-03-01 ORDER',
      '2028-04-28 DUNNING',
      '2028-04-29 DUNNING',
      '2029-01-15 AUTO_RENEWAL',
    ]);
  });

  it('is canceled at once, and what was paid beyond the day is given back', async () => {
    await advance(accountId, '2029-01-25T09:00:00Z');
    await place([{ cancel: { subscriptionId, timing: 'NOW' } }]);
    expect(await statusOf()).toBe('CANCELED');
    const [memo] = (await books()).creditMemos.nodes;
    // 21 of 31 days of 1559.25, and the tax on them.
    expect(memo && told(memo)).toEqual(['CREDIT ULTIMATE 15 2029-01-25..2029-02-15 -1056.27']);
    expect(memo).toMatchObject({ total: { amount: '1278.09' }, remaining: { amount: '1278.09' } });
    expect((await books()).balance.amount).toBe('-1278.09');
  });

  it('can be read as it was on any day, and as it was known then', async () => {
    const { then, known } = await subscription<
      Record<'then' | 'known', { planCode: string; quantity: number }>
    >(
      `then: asOf(effectiveOn: "2028-02-01") { planCode quantity }
       known: asOf(effectiveOn: "2028-06-01", recordedBy: "2028-02-01T00:00:00Z") { planCode quantity }`,
    );
    expect(then).toEqual({ planCode: 'PREMIUM', quantity: 15 });
    expect(known).toEqual({ planCode: 'PREMIUM', quantity: 15 });
  });

  it('leaves books that balance, and every total is the sum of its lines', async () => {
    const { trialBalance } = await ask<{
      trialBalance: { rows: { account: string; balance: { amount: string } }[] };
    }>(
      `{ trialBalance(legalEntity: "SANDBOX", currency: "USD", asOf: "2029-12-31") {
           rows { account balance { amount } } total { amount } } }`,
    );
    expect(trialBalance.rows.map(({ account }) => account)).toEqual(
      expect.arrayContaining(['RECEIVABLES', 'CASH', 'REVENUE', 'TAX_PAYABLE', 'ACCOUNT_CREDIT']),
    );
    expect(trialBalance.rows.reduce((total, { balance }) => total + cents(balance.amount), 0)).toBe(0);
    const { invoices, creditMemos } = await books();
    const sum = ({ lines }: Document) =>
      lines.reduce((total, { amount, tax }) => total + cents(amount.amount) + cents(tax.amount.amount), 0);
    const readme = await readFile(
      new URL('../../subgraphs/subscriptions/README.md', import.meta.url),
      'utf8',
    );
    const documents = [...invoices.nodes, ...creditMemos.nodes].map((document) =>
      [`${document.issuedOn}  ${document.number}  ${document.total.amount}`, ...told(document)].join('\n  '),
    );
    const inReadme = /```text\n([\s\S]*?)```/.exec(readme)?.[1]?.split(/\n(?=\d)/) ?? [];
    expect(inReadme).toHaveLength(10);
    expect(documents).toEqual(expect.arrayContaining(inReadme.map((document) => document.trim())));
    for (const invoice of invoices.nodes) expect(sum(invoice)).toBe(cents(invoice.total.amount));
    for (const memo of creditMemos.nodes) expect(sum(memo)).toBe(-cents(memo.total.amount));
  });
});

describe('seats that are used beyond those bought', () => {
  const externalId = `seats-${randomUUID()}`;
  const reference = { deploymentKind: 'SAAS_NAMESPACE', externalId };

  it('are reported, and what they will cost is shown', async () => {
    accountId = await openSandbox();
    const { createSubscription } = create(externalId, 10);
    const { trialDays: _, ...paid } = createSubscription as Variables;
    const { order } = await place([{ createSubscription: { ...paid, billingPeriod: 'YEAR' } }]);
    const { order: found } = await ask<{ order: { actions: { subscription: { id: string } }[] } }>(
      'query ($id: ID!) { order(id: $id) { actions { subscription { id } } } }',
      { id: order.id },
    );
    subscriptionId = found.actions[0]?.subscription.id ?? '';
    await payAll();
    await advance(accountId, '2028-02-10T12:00:00Z');
    const { reportSeats } = await ask<{ reportSeats: { outcomes: { userErrors: object[] }[] } }>(
      `mutation ($input: ReportSeatsInput!) { reportSeats(input: $input) { outcomes { userErrors { code message } } } }`,
      { input: { idempotencyKey: randomUUID(), reports: [{ ...reference, counts: [{ count: 12 }] }] } },
    );
    expect(reportSeats.outcomes).toEqual([{ userErrors: [] }]);
    expect(await over()).toEqual([
      { seats: { purchased: 10, maximum: 12, overage: 2 }, subscription: { id: subscriptionId } },
    ]);
    await expect.poll(() => preview()).toMatchObject({ users: 13, seatsBilled: 3, billedOn: '2028-04-01' });
  });

  it('are billed after the quarter for the rest of the term, as previewed, and the license is issued anew', async () => {
    const { price } = await preview();
    await advance(accountId, '2028-04-01T12:00:00Z');
    const invoice = await newest();
    expect(told(invoice)).toEqual([
      'CREDIT PREMIUM 10 2028-04-01..2029-01-01 -2614.75',
      'CHARGE PREMIUM 12 2028-04-01..2029-01-01 3137.70',
    ]);
    // Three seats were asked for, of which the third is not used.
    expect(cents(invoice.total.amount)).toBe(cents(price.total.amount) - cents(price.additional.amount));
    const { seatReconciliations } = await subscription<{ seatReconciliations: object[] }>(
      'seatReconciliations { dueOn mode maximum agreed seats invoice { id } }',
    );
    expect(seatReconciliations).toEqual([
      {
        dueOn: '2028-04-01',
        mode: 'QUARTERLY',
        maximum: 12,
        agreed: 10,
        seats: 2,
        invoice: { id: invoice.id },
      },
    ]);
    const licenses = async () =>
      (await subscription<{ licenses: { seats: number; cause: string }[] }>('licenses { seats cause }'))
        .licenses;
    await expect.poll(licenses).toContainEqual({ seats: 12, cause: 'SUBSCRIPTION_CHANGED' });
    expect(await over()).toEqual([]);
  });

  it('are in totals that open to their rows', async () => {
    const invoice = await newest();
    const { account } = await ask<{ account: Books }>(
      'query ($id: ID!) { account(id: $id) { balance { amount } invoices(first: 50) { nodes { amountDue { amount } } } } }',
      { id: accountId },
    );
    expect(cents(account.balance.amount)).toBe(
      account.invoices.nodes.reduce((sum, { amountDue }) => sum + cents(amountDue.amount), 0),
    );
    expect(account.balance.amount).toBe(invoice.total.amount);
    const posting = 'postings { account amount { amount } }';
    const { ledgerEntries, trialBalance } = await ask<{
      ledgerEntries: { nodes: { invoice: { id: string } | null; postings: Posting[] }[] };
      trialBalance: { rows: Posting[] };
    }>(
      `query ($id: ID!) {
         ledgerEntries(first: 100, filter: { accountId: $id, ledgerAccount: RECEIVABLES }) { nodes { invoice { id } ${posting} } }
         trialBalance(legalEntity: "SANDBOX", currency: "USD", asOf: "2029-12-31") { rows { account amount: balance { amount } } } }`,
      { id: accountId },
    );
    const receivables = (postings: readonly Posting[]) =>
      postings
        .filter(({ account: name }) => name === 'RECEIVABLES')
        .reduce((sum, { amount }) => sum + cents(amount.amount), 0);
    // The other account of these books owes nothing: what they come to is this account's.
    expect(receivables(ledgerEntries.nodes.flatMap(({ postings }) => postings))).toBe(
      cents(account.balance.amount),
    );
    expect(receivables(trialBalance.rows)).toBe(cents(account.balance.amount));
    const ofInvoice = ledgerEntries.nodes.filter((entry) => entry.invoice?.id === invoice.id);
    expect(receivables(ofInvoice.flatMap(({ postings }) => postings))).toBe(cents(invoice.total.amount));
  });

  interface Posting {
    account: string;
    amount: { amount: string };
  }

  async function over(): Promise<object[]> {
    const { seatsOver } = await ask<{ seatsOver: { nodes: object[] } }>(
      `query ($id: ID!) { seatsOver(first: 10, filter: { accountId: $id }) {
         nodes { seats { purchased maximum overage } subscription { id } } } }`,
      { id: accountId },
    );
    return seatsOver.nodes;
  }

  interface SeatChange {
    users: number;
    price: Record<'total' | 'additional', { amount: string }>;
  }

  async function preview(): Promise<SeatChange> {
    const { previewSeatChange } = await ask<{ previewSeatChange: SeatChange }>(
      `query ($deploymentKind: DeploymentKind!, $externalId: String!) {
         previewSeatChange(deploymentKind: $deploymentKind, externalId: $externalId, addUsers: 1) {
           users seatsBilled billedOn price { total { amount } additional { amount } } } }`,
      reference,
    );
    return previewSeatChange;
  }
});
