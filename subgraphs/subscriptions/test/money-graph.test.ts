import { query } from '@fulfillment/kernel/server/sql';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { postDocuments } from '../src/service/post-documents.js';
import { recognizeRevenue } from '../src/service/recognize-revenue.js';
import { simulatedTokens } from '../src/service/simulated-payments.js';
import { addSubscription, bill, line, payer } from './example-bill.js';

const now = new Date('2026-11-23T12:00:00.000Z');
const service = await startServiceHarness(subscriptionsDefinition, { clock: { now: async () => now } });
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, service.databaseUrl, {
  now: async () => now,
});

const scopes = ['billing:read', 'billing:write', 'ledger:read'];
const ada = internalViewer({ subject: 'ada', scopes });
const grace = internalViewer({ subject: 'grace', scopes });
const owner = payer('owner');
const other = payer('other');

async function ask<Data>(viewer: Viewer, document: string, variables: Record<string, unknown> = {}) {
  const answer = await service.query<Data>(viewer, document, variables);
  expect(answer.errors).toEqual([]);
  if (answer.data === null) throw new Error('No data');
  return { data: answer.data, statements: service.statements(answer.requestId).length };
}

interface Payload {
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
}

/** What a mutation answers, with the fields that are asked for beside the errors. */
async function mutate<Answer extends object>(
  viewer: Viewer,
  mutation: string,
  input: Record<string, unknown>,
  fields: string,
): Promise<Answer & Payload> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const inputType = mutation.startsWith('approve') ? 'ApproveInput' : type;
  const { data } = await ask<{ answer: Answer & Payload }>(
    viewer,
    `mutation ($input: ${inputType}!) { answer: ${mutation}(input: $input) { ${fields} userErrors { code field } } }`,
    { input },
  );
  return data.answer;
}

async function post(
  name: string,
  lines = [line(10_000n, { taxRate: '21' })],
  account = owner,
): Promise<string> {
  const document = bill(name, account, lines, now);
  await transaction((work) => postDocuments(work, [document], now));
  return document.draft.id;
}

const key = (name: string) => `test-key-${name}`;
const usd = (amount: string) => ({ amount, currency: 'USD' });

let first: string;
let second: string;
let memo: string;

beforeAll(async () => {
  await addSubscription(dataSource);
  await transaction((work) => work.accounts.put(owner));
  await transaction((work) => work.accounts.put(other));
  first = await post('first');
  second = await post('second', [line(5_000n)]);
  await transaction((work) =>
    recognizeRevenue(work, { legalEntityCode: 'US', through: localDate('2026-11-23'), at: now }),
  );
});

describe('recordPayment', () => {
  const record = (viewer: Viewer, input: object) =>
    mutate<{ payment: { id: string; amount: object; overpaid: object } | null; invoice: object | null }>(
      viewer,
      'recordPayment',
      {
        idempotencyKey: key('payment'),
        invoiceId: first,
        amount: usd('21.00'),
        reference: 'wire 1',
        ...input,
      },
      `payment { id amount { amount } overpaid { amount } reference }
       invoice { status amountPaid { amount } amountDue { amount } payments { id } }`,
    );

  test('gives the same answer to the same key, and refuses another input', async () => {
    const answer = await record(ada, {});
    expect(answer).toMatchObject({
      payment: { amount: { amount: '21.00' }, overpaid: { amount: '0.00' }, reference: 'wire 1' },
      invoice: { status: 'PARTLY_PAID', amountPaid: { amount: '21.00' }, amountDue: { amount: '100.00' } },
      userErrors: [],
    });
    expect(await record(ada, {})).toEqual(answer);
    expect(await record(ada, { reference: 'wire 2' })).toMatchObject({
      payment: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }],
    });
    expect(await record(ada, { idempotencyKey: 'short' })).toMatchObject({
      userErrors: [{ code: 'INVALID_VALUE', field: ['idempotencyKey'] }],
    });
  });

  test.each([
    ['without the scope', internalViewer({ scopes: ['billing:read'] })],
    ['of a partner', partnerViewer('8a6ee1b1-6a5c-4a54-9a39-5d14ab0e4f1d', { scopes })],
    ['of a product', productViewer(owner.id, { scopes })],
  ])('is forbidden to a token %s', async (_, viewer) => {
    const answer = await service.query(
      viewer,
      `mutation { recordPayment(input: { idempotencyKey: "test-key-forbidden", invoiceId: "${first}", reference: "x",
         amount: { amount: "1.00", currency: "USD" } }) { userErrors { code } } }`,
    );
    expect(answer.errors[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

test('refundPayment gives money back, and the payment tells of it', async () => {
  const paid = await mutate<{ payment: { id: string } }>(
    ada,
    'recordPayment',
    { idempotencyKey: key('to refund'), invoiceId: second, amount: usd('60.00'), reference: 'wire 3' },
    'payment { id }',
  );
  const refunded = await mutate<{ refund: object }>(
    ada,
    'refundPayment',
    { idempotencyKey: key('refund'), paymentId: paid.payment.id, amount: usd('4.00'), reference: 'back' },
    'refund { amount { amount } fromCredit { amount } reference }',
  );
  expect(refunded).toEqual({
    refund: { amount: { amount: '4.00' }, fromCredit: { amount: '0.00' }, reference: 'back' },
    userErrors: [],
  });
  const { data } = await ask<{ invoice: { payments: { refunds: object[] }[] } }>(
    ada,
    '{ invoice(id: "' + second + '") { payments { amount { amount } refunds { amount { amount } } } } }',
  );
  expect(data.invoice.payments).toEqual([
    { amount: { amount: '60.00' }, refunds: [{ amount: { amount: '4.00' } }] },
  ]);
});

test('refundPayment of what was collected goes through the provider, and a repeated call asks it again', async () => {
  const id = await post('to refund through the provider', [line(900n)], other);
  const paymentMethodToken = simulatedTokens.refundTimesOutThenSucceeds;
  const collect = { idempotencyKey: key('collect to refund'), invoiceId: id, paymentMethodToken };
  const selection = 'invoice { payments { id origin } }';
  const collected = await mutate<{ invoice: { payments: { id: string; origin: string }[] } }>(
    ada,
    'collectInvoice',
    collect,
    selection,
  );
  const [payment] = collected.invoice.payments;
  expect(payment?.origin).toBe('COLLECTED');
  const refund = () =>
    mutate<{ attempt: { id: string } }>(
      ada,
      'refundPayment',
      { idempotencyKey: key('refund collected'), paymentId: payment?.id, amount: usd('9.00') },
      'refund { amount { amount } } attempt { id status amount { amount } }',
    );
  const nine = { amount: { amount: '9.00' } };
  expect(await refund()).toMatchObject({
    refund: null,
    attempt: { status: 'PENDING', ...nine },
    userErrors: [],
  });
  expect(await refund()).toMatchObject({ refund: nine, attempt: { status: 'SUCCEEDED' } });
  expect(await refund()).toMatchObject({ refund: nine, attempt: { status: 'SUCCEEDED' } });
  const { data } = await ask<{ invoice: { payments: object[] } }>(
    ada,
    '{ invoice(id: "' + id + '") { payments { refunds { amount { amount } } refundAttempts { status } } } }',
  );
  expect(data.invoice.payments).toEqual([{ refunds: [nine], refundAttempts: [{ status: 'SUCCEEDED' }] }]);
});

test('collectInvoice charges once, and asks again with the same key', async () => {
  const id = await post('to collect', [line(700n)], other);
  const collect = () =>
    mutate<{ attempt: { id: string; status: string }; invoice: { status: string } }>(
      ada,
      'collectInvoice',
      {
        idempotencyKey: key('collect'),
        invoiceId: id,
        paymentMethodToken: simulatedTokens.timesOutThenSucceeds,
      },
      'attempt { id status amount { amount } } invoice { status paymentAttempts { status } }',
    );
  const slow = await collect();
  expect(slow).toMatchObject({
    attempt: { status: 'PENDING', amount: { amount: '7.00' } },
    invoice: { status: 'POSTED' },
  });
  const done = await collect();
  expect(done).toMatchObject({
    attempt: { id: slow.attempt.id, status: 'SUCCEEDED' },
    invoice: { status: 'PAID', paymentAttempts: [{ status: 'SUCCEEDED' }] },
  });
});

test('voidInvoice makes a credit memo that the graph shows with its lines and what is left of it', async () => {
  const lines = [line(10_000n, { productCode: 'VOIDED', taxRate: '21' })];
  const id = await post('to void', lines, other);
  await mutate(
    ada,
    'recordPayment',
    { idempotencyKey: key('before void'), invoiceId: id, amount: usd('50.00'), reference: 'w' },
    '',
  );
  const voided = await mutate<{ creditMemo: { id: string } }>(
    ada,
    'voidInvoice',
    { idempotencyKey: key('void'), invoiceId: id },
    `creditMemo { id number net { amount } tax { amount } total { amount } remaining { amount } voids { id status }
       lines { kind amount { amount } tax { rate jurisdiction reason amount { amount } } description revenueSchedule { amount { amount } } }
       ledgerEntries { kind postings { account amount { amount } } } }`,
  );
  memo = voided.creditMemo.id;
  expect(voided.creditMemo).toMatchObject({
    number: 'US-CM-00000001',
    net: { amount: '100.00' },
    tax: { amount: '21.00' },
    total: { amount: '121.00' },
    remaining: { amount: '50.00' },
    voids: { id, status: 'VOID' },
    lines: [
      {
        kind: 'CREDIT',
        amount: { amount: '-100.00' },
        tax: { rate: '21', jurisdiction: 'US', reason: 'DOMESTIC', amount: { amount: '-21.00' } },
        revenueSchedule: { amount: { amount: '-100.00' } },
      },
    ],
    ledgerEntries: [
      {
        kind: 'CREDIT_MEMO_POSTED',
        postings: [
          { account: 'DEFERRED_REVENUE', amount: { amount: '100.00' } },
          { account: 'TAX_PAYABLE', amount: { amount: '21.00' } },
          { account: 'ACCOUNT_CREDIT', amount: { amount: '-121.00' } },
        ],
      },
    ],
  });
  const { data } = await ask<{ _entities: object[] }>(
    ada,
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Account {
       balance { amount } accountCredit { amount } creditMemos { totalCount nodes { id } } } } }`,
    { of: [{ __typename: 'Account', id: other.id }] },
  );
  expect(data._entities).toEqual([
    {
      balance: { amount: '-50.00' },
      accountCredit: { amount: '50.00' },
      creditMemos: { totalCount: 1, nodes: [{ id: memo }] },
    },
  ]);
});

test('write-offs and adjustments wait for another person', async () => {
  const id = await post('to write off', [line(900n)], payer('insolvent'));
  const asked = await mutate<{ writeOff: { id: string } }>(
    ada,
    'requestWriteOff',
    { idempotencyKey: key('write-off'), invoiceId: id, reason: 'Insolvent' },
    'writeOff { id amount { amount } requestedBy approvedBy invoice { id } }',
  );
  expect(asked.writeOff).toMatchObject({
    amount: { amount: '9.00' },
    requestedBy: 'internal:ada',
    approvedBy: null,
  });
  const adjustment = await mutate<{ adjustment: { id: string } }>(
    ada,
    'requestAdjustment',
    {
      idempotencyKey: key('adjustment'),
      legalEntity: 'US',
      debit: 'COMMISSION_EXPENSE',
      credit: 'COMMISSION_PAYABLE',
      amount: usd('12.00'),
      reason: 'October',
    },
    'adjustment { id bookedOn }',
  );
  const pending = '{ approvalsPending { writeOffs { id } adjustments { id reason } } }';
  expect((await ask(grace, pending)).data).toEqual({
    approvalsPending: {
      writeOffs: [{ id: asked.writeOff.id }],
      adjustments: [{ id: adjustment.adjustment.id, reason: 'October' }],
    },
  });
  const approve = (viewer: Viewer, mutation: string, requestId: string) =>
    mutate(viewer, mutation, { idempotencyKey: key(`${mutation} ${viewer.subject}`), requestId }, '');
  expect(await approve(ada, 'approveWriteOff', asked.writeOff.id)).toMatchObject({
    userErrors: [{ code: 'SAME_PERSON', field: ['requestId'] }],
  });
  expect(await approve(grace, 'approveWriteOff', asked.writeOff.id)).toEqual({ userErrors: [] });
  expect(await approve(grace, 'approveAdjustment', adjustment.adjustment.id)).toEqual({ userErrors: [] });
  expect((await ask(grace, pending)).data).toEqual({ approvalsPending: { writeOffs: [], adjustments: [] } });
  const { data } = await ask<{ invoice: object }>(
    ada,
    `{ invoice(id: "${id}") { status amountWrittenOff { amount } writeOffs { approvedBy } } }`,
  );
  expect(data.invoice).toEqual({
    status: 'WRITTEN_OFF',
    amountWrittenOff: { amount: '9.00' },
    writeOffs: [{ approvedBy: 'internal:grace' }],
  });
});

test('the trial balance sums to zero, and its receivables open to their invoices', async () => {
  const { data, statements } = await ask<{
    trialBalance: {
      total: { amount: string };
      rows: { account: string; balance: { amount: string } }[];
    };
    agedReceivables: {
      legalEntity: string;
      total: { amount: string };
      buckets: {
        age: string;
        total: { amount: string };
        invoices: { nodes: { amountDue: { amount: string } }[] };
      }[];
    }[];
  }>(
    ada,
    `{ trialBalance(legalEntity: "US", currency: "USD") { total { amount } rows { account debit { amount } credit { amount } balance { amount } } }
       agedReceivables(asOf: "2027-01-30") { legalEntity total { amount currency }
         buckets { age total { amount } invoices(first: 50) { nodes { id amountDue { amount } } } } } }`,
  );
  const cents = (amount: string) => Math.round(Number(amount) * 100);
  const { rows } = data.trialBalance;
  expect(rows.reduce((total, { balance }) => total + cents(balance.amount), 0)).toBe(0);
  const receivables = rows.find(({ account }) => account === 'RECEIVABLES')?.balance.amount;
  const [aged] = data.agedReceivables;
  expect(aged?.total.amount).toBe(receivables);
  expect(aged?.buckets.map(({ age }) => age)).toEqual(['UP_TO_60_DAYS']);
  for (const bucket of aged?.buckets ?? []) {
    const due = bucket.invoices.nodes.reduce((total, { amountDue }) => total + cents(amountDue.amount), 0);
    expect(due).toBe(cents(bucket.total.amount));
  }
  // The trial balance, the buckets, and the invoices of all buckets.
  expect(statements).toBe(3);
});

test('a day of revenue opens to the lines that it was earned on', async () => {
  const { data } = await ask<{
    ledgerEntries: {
      totalCount: number;
      nodes: {
        bookedOn: string;
        postings: { account: string; amount: { amount: string } }[];
        earnings: { totalCount: number; nodes: { documentId: string; amount: { amount: string } }[] };
      }[];
    };
  }>(
    ada,
    `{ ledgerEntries(first: 1, filter: { kind: REVENUE_RECOGNIZED, legalEntity: "US", bookedFrom: "2026-11-23" }) {
         totalCount nodes { bookedOn causeId account { id } invoice { id } postings { account amount { amount } }
           earnings(first: 10) { totalCount nodes { documentId position amount { amount } } } } } }`,
  );
  const [day] = data.ledgerEntries.nodes;
  const earned = day?.earnings.nodes
    .reduce((total, { amount }) => total + Number(amount.amount), 0)
    .toFixed(2);
  expect(day?.postings).toEqual([
    { account: 'DEFERRED_REVENUE', amount: { amount: earned } },
    { account: 'REVENUE', amount: { amount: `-${earned}` } },
  ]);
  expect(day?.earnings.nodes.map(({ documentId }) => documentId).toSorted()).toEqual(
    [first, second].toSorted(),
  );
});

test.each([
  ['kind: PAYMENT_RECEIVED', ['PAYMENT_RECEIVED']],
  ['ledgerAccount: BAD_DEBT', ['INVOICE_WRITTEN_OFF']],
  ['ledgerAccount: COMMISSION_PAYABLE, currency: "USD"', ['ADJUSTMENT']],
  ['legalEntity: "EU"', []],
  ['bookedBefore: "2026-11-23"', []],
])('ledgerEntries filters by %s', async (filter, kinds) => {
  const { data } = await ask<{ ledgerEntries: { nodes: { kind: string }[] } }>(
    ada,
    `{ ledgerEntries(first: 100, filter: { ${filter} }) { nodes { kind } } }`,
  );
  expect([...new Set(data.ledgerEntries.nodes.map(({ kind }) => kind))]).toEqual(kinds);
});

test('closeAccountingPeriod closes a month that is over', async () => {
  const closePeriod = (month: string) =>
    mutate(
      ada,
      'closeAccountingPeriod',
      { idempotencyKey: key(`close ${month}`), legalEntity: 'US', month },
      'accountingPeriod { month closedBy }',
    );
  expect(await closePeriod('2026-11-10')).toMatchObject({ userErrors: [{ code: 'PERIOD_NOT_OVER' }] });
  expect(await closePeriod('2026-10-10')).toEqual({
    accountingPeriod: { month: '2026-10-01', closedBy: 'internal:ada' },
    userErrors: [],
  });
  const { data } = await ask(ada, '{ accountingPeriods(legalEntity: "US") { month legalEntity } }');
  expect(data).toEqual({ accountingPeriods: [{ month: '2026-10-01', legalEntity: 'US' }] });
});

test.each([
  ['closeAccountingPeriod', { month: '2026-10-10' }, 'accountingPeriod { month }'],
  [
    'requestAdjustment',
    {
      debit: 'COMMISSION_EXPENSE',
      credit: 'COMMISSION_PAYABLE',
      amount: { amount: '7.00', currency: 'USD' },
      reason: 'Commission of October',
    },
    'adjustment { id }',
  ],
])('%s opens no books of a company that we do not have', async (mutation, input, fields) => {
  const refused = await mutate(
    ada,
    mutation,
    { idempotencyKey: key(`${mutation} elsewhere`), legalEntity: 'USA', ...input },
    fields,
  );
  expect(refused).toMatchObject({
    userErrors: [{ code: 'INVALID_VALUE', field: ['legalEntity'] }],
  });
});

test('outside of the company nobody sees the books, and nobody sees another’s money', async () => {
  const stranger = productViewer(owner.id, { scopes });
  const { data } = await ask(
    stranger,
    `{ trialBalance(legalEntity: "US", currency: "USD") { rows { account } }
       ledgerEntries { totalCount } agedReceivables { legalEntity } accountingPeriods(legalEntity: "US") { month }
       approvalsPending { writeOffs { id } adjustments { id } } invoice(id: "${first}") { id } }`,
  );
  expect(data).toEqual({
    trialBalance: { rows: [] },
    ledgerEntries: { totalCount: 0 },
    agedReceivables: [],
    accountingPeriods: [],
    approvalsPending: { writeOffs: [], adjustments: [] },
    invoice: null,
  });
  const memos = await ask<{ _entities: unknown[] }>(
    stranger,
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on CreditMemo { number } } }',
    { of: [{ __typename: 'CreditMemo', id: memo }] },
  );
  expect(memos.data._entities).toEqual([null]);
});

test('every level of money costs one statement, however many invoices there are', async () => {
  const { data, statements } = await ask<{ _entities: { invoices: { nodes: unknown[] } }[] }>(
    ada,
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Account { invoices(first: 20) { nodes {
       voidedBy { number } paymentAttempts { id } dunningSteps { step } writeOffs { id } ledgerEntries { kind }
       payments { refunds { id } refundAttempts { id } } lines { revenueSchedule { recognizedFrom earned { amount } } } } } } } }`,
    { of: [owner, other].map(({ id }) => ({ __typename: 'Account', id })) },
  );
  expect(data._entities.flatMap(({ invoices }) => invoices.nodes)).toHaveLength(5);
  // Invoices, then for all of them: credit memos, attempts, dunning, write-offs, entries, refunds and attempts at them, schedules.
  expect(statements).toBe(9);
});

test('how much account credit would settle is shown to the account that pays and to us', async () => {
  const payerOfOrder = payer('has credit');
  await transaction((work) => work.accounts.put(payerOfOrder));
  const memo = bill('credit to estimate', payerOfOrder, [line(-3_000n)], now);
  await transaction((work) => postDocuments(work, [memo], now));
  const ask = async (viewer: Viewer, changes: object = {}) => {
    const of = [
      {
        __typename: 'AccountCreditEstimate',
        accountId: payerOfOrder.id,
        currency: 'USD',
        total: '100.00',
        ...changes,
      },
    ];
    const answer = await service.query<{ _entities: object[] }>(
      viewer,
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on AccountCreditEstimate { applied { amount } amountDue { amount } } } }',
      { of },
    );
    expect(answer.errors).toEqual([]);
    return answer.data?._entities[0];
  };
  const estimate = { applied: { amount: '30.00' }, amountDue: { amount: '70.00' } };
  const hidden = { applied: null, amountDue: null };
  await transaction((work) =>
    work.grants.put({
      subject: { kind: 'ACCOUNT', id: payerOfOrder.id },
      object: { kind: 'ACCOUNT', id: payerOfOrder.id },
      from: '2026-01-01T00:00:00.000Z',
      until: null,
    }),
  );
  expect(await ask(ada)).toEqual(estimate);
  expect(await ask(productViewer(payerOfOrder.id, { scopes }))).toEqual(estimate);
  expect(await ask(productViewer(other.id, { scopes }))).toEqual(hidden);
  expect(await ask(partnerViewer('8a6ee1b1-6a5c-4a54-9a39-5d14ab0e4f1d', { scopes }))).toEqual(hidden);
  expect(await ask(ada, { currency: 'EUR' })).toEqual(hidden);
  expect(await ask(ada, { total: 'nonsense' })).toEqual(hidden);
  expect(await ask(ada, { total: '-5.00' })).toEqual({
    applied: { amount: '0.00' },
    amountDue: { amount: '0.00' },
  });
});

test('nothing is kept of what a mutation refused', async () => {
  const rows = await query<{ count: string }>(
    dataSource.manager,
    sql`SELECT count(*) FROM payment WHERE reference = 'x'`,
  );
  expect(rows).toEqual([{ count: '0' }]);
});
