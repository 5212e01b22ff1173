import { randomUUID } from 'node:crypto';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { subscriptionsDefinition } from '../src/definition.js';
import { runDrafts } from '../src/service/drafts.js';
import { holdInvoice } from '../src/service/hold-invoice.js';
import { recordPayment } from '../src/service/record-payment.js';
import { receiveAccount } from '../src/service/receive-account.js';
import { receiveOrder } from '../src/service/receive-order.js';
import { discardDraftInvoice, postInvoice, setInvoiceReviewPeriod } from '../src/service/review-invoices.js';
import { runDueSubscriptions } from '../src/service/run-due.js';
import { advanceOnce, sendTestClock } from '../src/service/test-clock.js';
import { voidInvoice } from '../src/service/void-invoice.js';
import {
  exampleAccount,
  exampleAgreement,
  exampleChangeOrder,
  exampleOrder,
  premium,
} from './example-order.js';

const time = { now: new Date('2026-01-31T20:00:00Z') };
const clock = { now: async () => time.now };
const service = await startServiceHarness(subscriptionsDefinition, { clock, periodic: false });
const { transaction } = await openUnitOfWork(subscriptionsDefinition, service.databaseUrl, clock);

const everybody = { kind: 'EVERYBODY', limit: 10 } as const;
const monthly = {
  billing: { period: 'MONTH', anchor: localDate('2026-01-31'), policy: 'ACTUAL_DAYS' },
} as const;

/** A subscription that was bought on 31 January, by an account whose invoices are looked at for so many days. */
async function bought(name: string, days: number, changes: Partial<AccountPayload> = {}) {
  time.now = new Date('2026-01-31T20:00:00Z');
  const account = exampleAccount(name, changes);
  const example = {
    name,
    soldTo: account,
    effectiveDate: '2026-01-31',
    agreement: monthly,
    taxRate: changes.legalEntityCode === 'EU' ? '21' : '0',
  };
  const order = exampleOrder(example);
  await transaction(async (work) => {
    await receiveAccount(work, account);
    await receiveOrder(work, order);
    await setInvoiceReviewPeriod(work, { accountId: account.id, days }, 'internal:ann');
  });
  const subscriptionId = order.actions[0]?.subscriptionId ?? '';
  return { account, subscriptionId, agreement: exampleAgreement(example, [premium]) };
}

/** What the service does by itself at an instant; how much there was to do. */
async function runAt(instant: string): Promise<number> {
  time.now = new Date(instant);
  let count = 0;
  for (const run of [runDueSubscriptions, runDrafts]) {
    for (let done = 1; done > 0; count += done) {
      done = await transaction((work) => run(work, everybody, time.now));
    }
  }
  return count;
}

const draftsOf = ({ id }: AccountPayload) =>
  service.rows<{ id: string; total_minor: string; tax_minor: string; discarded_by: string | null }>(
    'SELECT * FROM invoice_draft WHERE invoice_owner_account_id = $1 ORDER BY drafted_at, posts_at',
    [id],
  );
const invoicesOf = ({ id }: AccountPayload) =>
  service.rows<{ id: string; number: string; issued_on: string; due_on: string; total_minor: string }>(
    `SELECT id, number, issued_on::text, due_on::text, total_minor FROM invoice
     WHERE invoice_owner_account_id = $1 ORDER BY sequence_number`,
    [id],
  );
const receivablesOf = async ({ id }: AccountPayload) => {
  const [row] = await service.rows<{ minor: string | null }>(
    `SELECT sum(p.amount_minor)::text AS minor FROM ledger_posting AS p JOIN ledger_entry AS e ON e.id = p.entry_id
     WHERE e.account_id = $1 AND p.ledger_account = 'RECEIVABLES'`,
    [id],
  );
  return row?.minor;
};

async function onlyDraft(account: AccountPayload): Promise<string> {
  const [draft, ...others] = await draftsOf(account);
  if (draft === undefined || others.length > 0) throw new Error('There is not one draft');
  return draft.id;
}

/** How many statements wait for a draft that somebody else holds. */
async function waitingForDrafts(): Promise<number> {
  const rows = await service.rows(
    `SELECT FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM invoice_draft AS d%FOR UPDATE%'`,
  );
  return rows.length;
}

describe('the invoice of a billing run that is to be looked at', () => {
  test('is a draft without number or entry, and is posted when its time comes, once', async () => {
    const { account } = await bought('reviewed', 3);
    const before = await invoicesOf(account);
    expect(await runAt('2026-02-28T09:00:00Z')).toBe(1);
    expect(await runAt('2026-02-28T09:00:00Z')).toBe(0);
    expect(await invoicesOf(account)).toEqual(before);
    expect(await receivablesOf(account)).toBe('29000');
    const id = await onlyDraft(account);
    expect(await runAt('2026-03-03T07:59:59Z')).toBe(0);
    expect(await runAt('2026-03-03T08:00:00Z')).toBe(1);
    expect(await runAt('2026-03-03T08:00:00Z')).toBe(0);
    expect(await draftsOf(account)).toEqual([]);
    expect((await invoicesOf(account)).at(-1)).toMatchObject({
      id,
      issued_on: '2026-03-03',
      due_on: '2026-04-02',
      total_minor: '29000',
    });
    expect(await receivablesOf(account)).toBe('58000');
    const told = (await service.promised('subscriptions.invoice')).filter(
      ({ aggregateId }) => aggregateId === id,
    );
    expect(told.map(({ sequence, payload }) => [sequence, (payload as { status: string }).status])).toEqual([
      [1, 'DRAFT'],
      [2, 'POSTED'],
    ]);
  });

  test('stays a draft when its posting is cut short, and the next run posts it', async () => {
    const { account } = await bought('cut short', 3);
    await runAt('2026-02-28T09:00:00Z');
    const before = await invoicesOf(account);
    time.now = new Date('2026-03-03T09:00:00Z');
    const died = transaction(async (work) => {
      await runDrafts(work, everybody, time.now);
      throw new Error('killed');
    });
    await expect(died).rejects.toThrow('killed');
    expect(await invoicesOf(account)).toEqual(before);
    expect(await runAt('2026-03-03T09:00:00Z')).toBe(1);
    expect(await invoicesOf(account)).toHaveLength(before.length + 1);
  });

  test('is posted by a person before its time, and only a draft can be', async () => {
    const { account } = await bought('posted by hand', 10);
    await runAt('2026-02-28T09:00:00Z');
    const id = await onlyDraft(account);
    const held = await transaction((work) => holdInvoice(work, id));
    expect(held).toMatchObject({ ok: false, error: { code: 'INVOICE_NOT_POSTED' } });
    expect(await transaction((work) => postInvoice(work, id))).toEqual({ ok: true, value: id });
    expect((await invoicesOf(account)).at(-1)).toMatchObject({ id, issued_on: '2026-02-28' });
    for (const [unfit, code] of [
      [id, 'INVOICE_NOT_DRAFT'],
      [randomUUID(), 'INVOICE_NOT_FOUND'],
      ['nonsense', 'INVOICE_NOT_FOUND'],
    ] as const) {
      const refused = { ok: false, error: { code, field: ['invoiceId'] } };
      expect(await transaction((work) => postInvoice(work, unfit))).toMatchObject(refused);
      expect(await transaction((work) => discardDraftInvoice(work, unfit, 'internal:ann'))).toMatchObject(
        refused,
      );
    }
  });

  test('is waited for by who pays or voids it while it is being posted', async () => {
    const { account } = await bought('paid while posted', 10);
    await runAt('2026-02-28T09:00:00Z');
    const id = await onlyDraft(account);
    const payment = { invoiceId: id, amount: { amount: '1.00', currency: 'USD' }, reference: 'wire' };
    const later: Promise<unknown>[] = [];
    await transaction(async (work) => {
      await postInvoice(work, id);
      later.push(
        transaction((other) => recordPayment(other, payment, 'once')),
        transaction((other) => voidInvoice(other, id)),
      );
      await vi.waitFor(async () => expect(await waitingForDrafts()).toBe(2), { timeout: 10_000 });
    });
    const [paid, voided] = await Promise.all(later);
    expect(paid).toMatchObject({ ok: true });
    expect(voided).toMatchObject({ ok: false, error: { code: 'SUBSCRIPTION_RUNNING' } });
  });

  test('is made anew when it is thrown away, taxed as its invoice owner is then', async () => {
    const { account } = await bought('taxed wrongly', 2, { countryCode: 'NL', legalEntityCode: 'EU' });
    await runAt('2026-02-28T09:00:00Z');
    expect(await draftsOf(account)).toMatchObject([{ tax_minor: '6090' }]);
    const id = await onlyDraft(account);
    await transaction((work) => receiveAccount(work, { ...account, countryCode: 'DE' }));
    time.now = new Date('2026-03-01T12:00:00Z');
    await transaction((work) => discardDraftInvoice(work, id, 'internal:ann'));
    expect(await transaction((work) => postInvoice(work, id))).toMatchObject({
      error: { code: 'INVOICE_NOT_DRAFT' },
    });
    expect(await runAt('2026-03-01T12:00:01Z')).toBe(1);
    expect(await draftsOf(account)).toMatchObject([{ id, tax_minor: '0', discarded_by: null }]);
    expect(await runAt('2026-03-02T12:00:00Z')).toBe(0);
    expect(await runAt('2026-03-03T09:00:00Z')).toBe(1);
    expect((await invoicesOf(account)).at(-1)).toMatchObject({ id, total_minor: '29000' });
  });

  test('is posted before an order that changes its subscription', async () => {
    const { account, subscriptionId, agreement: before } = await bought('changed', 20);
    await runAt('2026-02-28T09:00:00Z');
    const id = await onlyDraft(account);
    time.now = new Date('2026-03-10T20:00:00Z');
    const change: OrderPayload = exampleChangeOrder(
      { name: 'more seats', soldTo: account, effectiveDate: '2026-03-10' },
      [
        {
          subscriptionId,
          baseVersion: 1,
          before,
          change: { kind: 'CHANGE_QUANTITY', productCode: premium.productCode, quantity: 12, when: 'NOW' },
        },
      ],
    );
    await transaction((work) => receiveOrder(work, change));
    const [outcome] = await service.rows('SELECT outcome, reason FROM order_outcome WHERE order_id = $1', [
      change.id,
    ]);
    expect(outcome).toEqual({ outcome: 'FULFILLED', reason: null });
    expect((await invoicesOf(account)).slice(-2)).toMatchObject([
      { id, issued_on: '2026-03-10' },
      { total_minor: change.total.minor },
    ]);
    expect(await draftsOf(account)).toEqual([]);
  });

  test('of a sandbox is posted by its test clock', async () => {
    const { account } = await bought('sandbox', 5, {
      sandbox: true,
      legalEntityCode: 'SANDBOX',
      countryCode: 'US',
    });
    await transaction((work) => sendTestClock(work, account.id, new Date('2026-03-20T00:00:00Z')));
    while (await transaction((work) => advanceOnce(work, account.id)));
    expect((await invoicesOf(account)).map(({ issued_on }) => issued_on)).toEqual([
      '2026-01-31',
      '2026-03-05',
    ]);
  });
});

/** What people and the clock do with drafts, in whatever order. */
const anything = fc.constantFrom('POST', 'DISCARD', 'RUN', 'A DAY', 'A MONTH');

test('whatever is done with drafts, each period is billed once, and the numbers have no gap', async () => {
  let run = 0;
  const property = fc.asyncProperty(fc.array(anything, { maxLength: 12 }), async (doings) => {
    const { account, subscriptionId } = await bought(`any ${run++}`, 4);
    let day = Date.parse('2026-02-28T09:00:00Z');
    for (const doing of doings) {
      if (doing === 'A DAY') day += 86_400_000;
      if (doing === 'A MONTH') day += 31 * 86_400_000;
      time.now = new Date(day);
      const [draft] = await draftsOf(account);
      const id = draft?.id ?? '';
      if (doing === 'POST') await transaction((work) => postInvoice(work, id));
      if (doing === 'DISCARD') await transaction((work) => discardDraftInvoice(work, id, 'internal:ann'));
      if (doing === 'RUN') await runAt(time.now.toISOString());
    }
    await runAt(new Date(day).toISOString());
    await runAt(new Date(day + 10 * 86_400_000).toISOString());
    expect(await draftsOf(account)).toEqual([]);
    const periods = await service.rows<{ start: string; end: string }>(
      `SELECT service_start::text AS start, service_end::text AS end FROM invoice_line
       WHERE subscription_id = $1 ORDER BY service_start`,
      [subscriptionId],
    );
    expect(periods.length).toBeGreaterThanOrEqual(2);
    expect(periods.slice(1).map(({ start }) => start)).toEqual(periods.slice(0, -1).map(({ end }) => end));
    const [numbers] = await service.rows<{ gaps: string }>(
      "SELECT max(sequence_number) - count(*) AS gaps FROM invoice WHERE legal_entity_code = 'US'",
    );
    expect(numbers?.gaps).toBe('0');
  });
  await fc.assert(property, { numRuns: 30 });
});

describe('drafts in the graph', () => {
  const ann = internalViewer({ subject: 'ann', scopes: ['billing:read', 'billing:write'] });
  const list = `query ($account: ID) {
    draftInvoices(first: 5, filter: { accountId: $account }) {
      nodes { id number status issuedOn dueOn postsAt total { amount } amountDue { amount } lines { tax { rate } } pdf { fileName } }
    }
  }`;

  test('are seen by people of the company, and by nobody else', async () => {
    const { account } = await bought('seen', 7);
    await runAt('2026-02-28T09:00:00Z');
    const id = await onlyDraft(account);
    const seen = await service.query(ann, list, { account: account.id });
    expect(seen.errors).toEqual([]);
    expect(seen.data).toMatchObject({
      draftInvoices: {
        nodes: [
          {
            id,
            number: null,
            status: 'DRAFT',
            issuedOn: '2026-03-07',
            dueOn: '2026-04-06',
            postsAt: '2026-03-07T08:00:00.000Z',
            total: { amount: '290.00' },
            pdf: null,
          },
        ],
      },
    });
    const one = 'query ($id: ID!) { invoice(id: $id) { status } }';
    expect((await service.query(ann, one, { id })).data).toEqual({ invoice: { status: 'DRAFT' } });
    await transaction((work) =>
      work.grants.put({
        subject: { kind: 'ACCOUNT', id: account.id },
        object: { kind: 'ACCOUNT', id: account.id },
        from: '2026-01-01T00:00:00Z',
        until: null,
      }),
    );
    const owner = productViewer(account.id, { scopes: ['billing:read'] });
    const posted = await invoicesOf(account);
    expect((await service.query(owner, one, { id: posted[0]?.id })).data).toEqual({
      invoice: { status: 'POSTED' },
    });
    for (const viewer of [owner, partnerViewer(randomUUID(), { scopes: ['billing:read'] })]) {
      expect((await service.query(viewer, one, { id })).data).toEqual({ invoice: null });
      expect((await service.query(viewer, list, {})).data).toEqual({ draftInvoices: { nodes: [] } });
    }
  });

  test('are posted, thrown away and given a review period, once for each key', async () => {
    const { account } = await bought('by mutation', 7);
    await runAt('2026-02-28T09:00:00Z');
    const id = await onlyDraft(account);
    const mutate = async (mutation: string, input: object, fields: string) => {
      const name = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
      const { data, errors } = await service.query<{ answer: object }>(
        ann,
        `mutation ($input: ${name}!) { answer: ${mutation}(input: $input) { ${fields} userErrors { code field } } }`,
        { input },
      );
      expect(errors).toEqual([]);
      return data?.answer;
    };
    const discard = { idempotencyKey: `discard-${id}`, invoiceId: id };
    const discarded = await mutate('discardDraftInvoice', discard, 'invoiceId');
    expect(discarded).toEqual({ invoiceId: id, userErrors: [] });
    await runAt('2026-02-28T09:00:01Z');
    expect(await mutate('discardDraftInvoice', discard, 'invoiceId')).toEqual(discarded);
    expect(await draftsOf(account)).toMatchObject([{ id, discarded_by: null }]);
    const post = { idempotencyKey: `post-${id}`, invoiceId: id };
    const posted = await mutate('postInvoice', post, 'invoice { number status }');
    expect(posted).toMatchObject({ invoice: { status: 'POSTED' }, userErrors: [] });
    expect(await mutate('postInvoice', post, 'invoice { number status }')).toEqual(posted);
    const period = (input: object) =>
      mutate(
        'setInvoiceReviewPeriod',
        { idempotencyKey: randomUUID(), ...input },
        'reviewPeriod { legalEntity days setBy }',
      );
    expect(await period({ legalEntity: 'SANDBOX', days: 2 })).toEqual({
      reviewPeriod: { legalEntity: 'SANDBOX', days: 2, setBy: 'internal:ann' },
      userErrors: [],
    });
    for (const [input, code, field] of [
      [{ legalEntity: 'SANDBOX', days: 31 }, 'INVALID_VALUE', 'days'],
      [{ legalEntity: 'SANDBOX', days: -1 }, 'INVALID_VALUE', 'days'],
      [{ days: 2 }, 'INVALID_VALUE', 'legalEntity'],
      [{ legalEntity: 'USA', days: 2 }, 'INVALID_VALUE', 'legalEntity'],
      [{ legalEntity: 'SANDBOX', accountId: account.id, days: 2 }, 'INVALID_VALUE', 'legalEntity'],
      [{ accountId: randomUUID(), days: 2 }, 'ACCOUNT_NOT_FOUND', 'accountId'],
    ] as const) {
      expect(await period(input)).toEqual({ reviewPeriod: null, userErrors: [{ code, field: [field] }] });
    }
  });
});
