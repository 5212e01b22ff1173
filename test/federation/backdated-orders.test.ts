import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openSandbox } from '../kit/sandbox.js';
import { startSystem } from '../kit/system.js';

/*
 * A change that is dated back, through the graph: over an invoice that was posted meanwhile, and into months that were closed. It is
 * a new version that says so, one document of today with the lines of all days that differ, and nothing is booked in a closed month.
 */
let systemNow = new Date('2028-02-20T12:00:00Z');
const system = await startSystem({ clock: { now: async () => systemNow } });
const sandbox = await openSandbox(system, '2028-03-05T12:00:00Z');

/** Ten seats from 5 March, billed by the month. */
let subscriptionId = '';

const seats = (quantity: number) => ({
  changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity },
});
const newest = async () => (await sandbox.documents())[0];

interface Version {
  readonly version: number;
  readonly effectiveOn: string;
  readonly backdated: boolean;
  readonly cause: string;
  readonly items: readonly { readonly quantity: number }[];
}

/** What held on a day: as it is known now, or as it was known at an earlier instant. */
async function seatsOn(effectiveOn: string, recordedBy: string | null = null): Promise<number | undefined> {
  const { billingSubscription } = await sandbox.ask<{ billingSubscription: { asOf: Version | null } }>(
    `query ($id: ID!, $effectiveOn: LocalDate!, $recordedBy: DateTime) {
       billingSubscription(id: $id) { asOf(effectiveOn: $effectiveOn, recordedBy: $recordedBy) { items { quantity } } } }`,
    { id: subscriptionId, effectiveOn, recordedBy },
  );
  return billingSubscription.asOf?.items[0]?.quantity;
}

async function history(): Promise<Version[]> {
  const { billingSubscription } = await sandbox.ask<{ billingSubscription: { history: Version[] } }>(
    'query ($id: ID!) { billingSubscription(id: $id) { history { version effectiveOn backdated cause items { quantity } } } }',
    { id: subscriptionId },
  );
  return billingSubscription.history;
}

interface Entry {
  readonly kind: string;
  readonly bookedOn: string;
}

/** Every entry of the sandbox's books. */
async function entries(): Promise<Entry[]> {
  const found: Entry[] = [];
  let after: string | null = null;
  do {
    const {
      ledgerEntries,
    }: { ledgerEntries: { nodes: Entry[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
      await sandbox.ask(
        `query ($after: String) { ledgerEntries(first: 100, after: $after, filter: { legalEntity: "SANDBOX" }) {
           nodes { kind bookedOn } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
    found.push(...ledgerEntries.nodes);
    after = ledgerEntries.pageInfo.hasNextPage ? ledgerEntries.pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}

/** What the books say at the end of a day, and that they balance. */
async function trialBalance(asOf: string) {
  const { trialBalance: found } = await sandbox.ask<{
    trialBalance: { rows: { account: string; balance: { amount: string } }[] };
  }>(
    `query ($asOf: LocalDate!) { trialBalance(legalEntity: "SANDBOX", currency: "USD", asOf: $asOf) {
       rows { account balance { amount } } } }`,
    { asOf },
  );
  const cents = found.rows.map(({ balance }) => Math.round(Number(balance.amount) * 100));
  expect(cents.reduce((sum, one) => sum + one, 0)).toBe(0);
  return found.rows;
}

async function close(month: string): Promise<void> {
  const { userErrors } = await sandbox.mutate(
    'closeAccountingPeriod',
    { legalEntity: 'SANDBOX', month },
    'accountingPeriod { closedAt }',
  );
  expect(userErrors).toEqual([]);
}

describe('a change that is dated back across an invoice', { timeout: 120_000 }, () => {
  it('is one document of today, over all days that differ', async () => {
    subscriptionId = await sandbox.subscribe('backdated', { billingPeriod: 'MONTH' });
    await sandbox.advance('2028-04-10T12:00:00Z');
    await sandbox.payAll();
    systemNow = new Date('2028-04-10T12:00:00Z');
    await close('2028-03-01');
    const march = await trialBalance('2028-03-31');
    const { total } = await sandbox.fulfill({ effectiveDate: '2028-03-20', actions: [seats(15)] });
    const document = await newest();
    // 16 of the 31 days from 5 March, and the whole month from 5 April, which was billed for ten.
    expect(document).toMatchObject({
      issuedOn: '2028-04-10',
      total: { amount: total },
      told: [
        'CREDIT PREMIUM 10 2028-03-20..2028-04-05 -149.68',
        'CREDIT PREMIUM 10 2028-04-05..2028-05-05 -290.00',
        'CHARGE PREMIUM 15 2028-03-20..2028-04-05 224.52',
        'CHARGE PREMIUM 15 2028-04-05..2028-05-05 435.00',
      ],
    });
    expect(await trialBalance('2028-03-31')).toEqual(march);
  });

  it('is a new version that says so, beside what was known before', async () => {
    const [newestVersion, first, ...others] = await history();
    expect(newestVersion).toMatchObject({
      version: 2,
      effectiveOn: '2028-03-20',
      backdated: true,
      cause: 'ORDER',
    });
    expect(first).toMatchObject({ version: 1, backdated: false });
    expect(others).toEqual([]);
    expect(await seatsOn('2028-03-25')).toBe(15);
    expect(await seatsOn('2028-03-25', '2028-04-01T00:00:00Z')).toBe(10);
    expect(await seatsOn('2028-03-19')).toBe(10);
  });

  it('leads on to bills of the new quantity', async () => {
    await sandbox.payAll();
    await sandbox.advance('2028-05-06T12:00:00Z');
    expect((await newest())?.told).toEqual(['CHARGE PREMIUM 15 2028-05-05..2028-06-05 435.00']);
  });

  it.each([
    ['before the newest version', '2028-03-19', 'sandboxKeeper'],
    ['by the buyer', '2028-05-01', 'buyer'],
  ])('is refused %s', async (_, effectiveDate, who) => {
    const token =
      who === 'buyer'
        ? ({ audience: 'product', account: sandbox.accountId } as const)
        : ({ audience: 'internal' } as const);
    const { data } = await system.graphql<{ placeOrder: { order: null; userErrors: unknown[] } }>(
      token,
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } userErrors { code message field } } }',
      {
        input: {
          idempotencyKey: randomUUID(),
          accountId: sandbox.accountId,
          effectiveDate,
          actions: [seats(16)],
        },
      },
    );
    const earliest = who === 'buyer' ? '2028-05-06' : '2028-03-20';
    expect(data?.placeOrder).toEqual({
      order: null,
      userErrors: [
        {
          code: 'EFFECTIVE_DATE_INVALID',
          field: ['effectiveDate'],
          message: expect.stringContaining(`must be from ${earliest} to 2029-05-06`),
        },
      ],
    });
  });
});

describe('what comes about on a day of a closed month', { timeout: 120_000 }, () => {
  it('is booked on the first open day, and nothing of the closed months moves', async () => {
    await sandbox.payAll();
    await sandbox.advance('2028-05-20T12:00:00Z');
    // By the company's own clock May is over; the account is still in it.
    systemNow = new Date('2028-06-03T12:00:00Z');
    await close('2028-05-01');
    const closed = (await entries()).filter(({ bookedOn }) => bookedOn < '2028-06-01');
    const may = await trialBalance('2028-05-31');
    const { total } = await sandbox.fulfill({ effectiveDate: '2028-04-20', actions: [seats(20)] });
    expect(await newest()).toMatchObject({ issuedOn: '2028-05-20', total: { amount: total } });
    await sandbox.payAll();
    expect((await entries()).filter(({ bookedOn }) => bookedOn < '2028-06-01')).toEqual(closed);
    expect(await trialBalance('2028-05-31')).toEqual(may);
    const booked = (await entries()).filter(({ bookedOn }) => bookedOn === '2028-06-01');
    expect(booked.map(({ kind }) => kind).toSorted()).toEqual(['INVOICE_POSTED', 'PAYMENT_RECEIVED']);
  });

  it('is refused where a person gives the day', async () => {
    const invoice = await newest();
    const { userErrors } = await sandbox.mutate(
      'recordPayment',
      {
        invoiceId: invoice?.id,
        amount: { amount: '1.00', currency: 'USD' },
        receivedAt: '2028-05-20T09:00:00Z',
        reference: 'Bank 1',
      },
      'payment { id }',
    );
    expect(userErrors).toMatchObject([{ code: 'PERIOD_CLOSED', field: ['receivedAt'] }]);
  });
});
