import { addDays, localDate, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import { query } from '@fulfillment/kernel/server/sql';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import fc from 'fast-check';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { earnedThrough } from '../src/domain/ledger/revenue-schedule.js';
import { approveAdjustment, requestAdjustment } from '../src/service/adjustment.js';
import { closeAccountingPeriod } from '../src/service/close-accounting-period.js';
import { postDocuments } from '../src/service/post-documents.js';
import { recognizeRevenue } from '../src/service/recognize-revenue.js';
import { recordPayment } from '../src/service/record-payment.js';
import { addSubscription, bill, line, payer } from './example-bill.js';

let now = new Date('2026-11-23T12:00:00.000Z');
const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, {
  now: async () => now,
});

beforeAll(() => addSubscription(dataSource));

/** An account in books of its own. */
const inBooks = (legalEntityCode: string) => payer(`payer of ${legalEntityCode}`, { legalEntityCode });

async function post(name: string, code: string, lines: ReturnType<typeof line>[], on = '2026-11-23') {
  const at = new Date(`${on}T12:00:00Z`);
  const document = bill(name, inBooks(code), lines, at);
  await transaction((work) => postDocuments(work, [document], at));
  return document.draft.id;
}

const recognize = (legalEntityCode: string, through: string) =>
  transaction((work) => recognizeRevenue(work, { legalEntityCode, through: localDate(through), at: now }));

const close = (legalEntity: string, month: string) =>
  transaction((work) =>
    closeAccountingPeriod(work, { legalEntity, month: localDate(month) }, 'internal:ada'),
  );

/** The ledger's balances of some books, by account; those of nothing are left out. */
async function balances(code: string): Promise<Record<string, string>> {
  const rows = await query<{ ledger_account: string; minor: string }>(
    dataSource.manager,
    sql`SELECT p.ledger_account, sum(p.amount_minor)::text AS minor
        FROM ledger_posting AS p JOIN ledger_entry AS e ON e.id = p.entry_id
        WHERE e.legal_entity_code = ${code} GROUP BY 1 HAVING sum(p.amount_minor) <> 0`,
  );
  return Object.fromEntries(rows.map((row) => [row.ledger_account, row.minor]));
}

async function revenueDays(code: string): Promise<[string, string][]> {
  const rows = await query<{ booked_on: string; minor: string }>(
    dataSource.manager,
    sql`SELECT e.booked_on, -p.amount_minor AS minor FROM ledger_entry AS e
        JOIN ledger_posting AS p ON p.entry_id = e.id AND p.ledger_account = 'REVENUE'
        WHERE e.legal_entity_code = ${code} ORDER BY e.cause_id`,
  );
  return rows.map((row) => [row.booked_on, row.minor]);
}

describe('revenue', () => {
  test('is posted once for each day, and comes to what was charged', async () => {
    await post('thirty days', 'RE', [line(10_000n)], '2026-10-20');
    expect(await recognize('RE', '2026-11-02')).toBe(2);
    expect(await revenueDays('RE')).toEqual([
      ['2026-11-01', '333'],
      ['2026-11-02', '334'],
    ]);
    expect(await recognize('RE', '2026-11-02')).toBe(0);
    expect(await recognize('RE', '2026-12-05')).toBe(33);
    expect(await balances('RE')).toEqual({ RECEIVABLES: '10000', REVENUE: '-10000' });
  });

  test('of a credit takes back what its days would have earned; what lies before is taken back at once', async () => {
    await post('charged', 'RC', [line(3_000n)], '2026-11-01');
    await recognize('RC', '2026-11-20');
    const half = { serviceStart: localDate('2026-11-16') };
    await post('credited', 'RC', [line(-1_500n, half)], '2026-11-21');
    await recognize('RC', '2026-11-21');
    // 100 for the 21st, less 100 a day for the 16th to the 21st.
    expect((await revenueDays('RC')).at(-1)).toEqual(['2026-11-21', '-500']);
    await recognize('RC', '2026-11-30');
    expect(await balances('RC')).toEqual({ RECEIVABLES: '1500', REVENUE: '-1500' });
  });

  test('of a document that comes after its days were posted is posted on the next day', async () => {
    await post('in time', 'RL', [line(3_000n)], '2026-11-01');
    await recognize('RL', '2026-11-10');
    await post('late', 'RL', [line(3_000n)], '2026-11-05');
    await recognize('RL', '2026-11-11');
    expect((await revenueDays('RL')).at(-1)).toEqual(['2026-11-11', '1200']);
  });

  test('of a sandbox is posted by its own clock, in the ledger of all sandboxes', async () => {
    const [ahead, behind] = [
      payer('ahead', { legalEntityCode: 'SANDBOX' }),
      payer('behind', { legalEntityCode: 'SANDBOX' }),
    ];
    for (const owner of [ahead, behind]) {
      await transaction((work) => postDocuments(work, [bill(owner.name, owner, [line(3_000n)], now)], now));
    }
    const through = localDate('2027-01-31');
    const recognition = { legalEntityCode: 'SANDBOX', accountId: ahead.id, through, at: now };
    expect(await transaction((work) => recognizeRevenue(work, recognition))).toBeGreaterThan(0);
    expect(await balances('SANDBOX')).toEqual({
      RECEIVABLES: '6000',
      DEFERRED_REVENUE: '-3000',
      REVENUE: '-3000',
    });
    const due = { ...recognition, accountId: behind.id, through: localDate('2026-11-23') };
    expect(await transaction((work) => recognizeRevenue(work, due))).toBe(1);
    expect((await balances('SANDBOX'))['REVENUE']).toBe('-5300');
    expect(await transaction((work) => work.ledger.earningEntities())).not.toContain('SANDBOX');
  });

  test('is worked out the same in the database', async () => {
    const day = fc.integer({ min: 0, max: 800 }).map((offset) => addDays(localDate('2024-01-15'), offset));
    const facts = fc.array(
      fc
        .record({
          minor: fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
          start: day,
          end: day,
          from: day,
          on: day,
        })
        .filter(({ start, end, from }) => start < end && start <= from),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(facts, async (schedules) => {
        const asked = schedules.map(({ minor, ...days }) => ({ minor: minor.toString(), ...days }));
        const rows = await query<{ earned: string }>(
          dataSource.manager,
          sql`SELECT earned_through(minor, start, "end", "from", "on")::text AS earned
              FROM json_to_recordset(${JSON.stringify(asked)})
                   AS s (minor bigint, start date, "end" date, "from" date, "on" date)`,
        );
        const expected = schedules.map(({ minor, start, end, from, on }) =>
          earnedThrough(
            {
              documentId: '',
              position: 1,
              subscriptionId: '',
              booksCode: '',
              net: money(minor, 'USD'),
              serviceStart: start,
              serviceEnd: end,
              recognizedFrom: from,
            },
            on,
          ).minor.toString(),
        );
        expect(rows.map(({ earned }) => earned)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test('takes the same number of statements for one line and for a hundred', async () => {
    const count = async (code: string) => {
      let statements = 0;
      const { logger } = dataSource;
      dataSource.logger = { ...logger, logQuery: () => void (statements += 1) };
      try {
        await recognize(code, '2026-11-23');
      } finally {
        dataSource.logger = logger;
      }
      return statements;
    };
    await post('one line', 'S1', [line(100n)]);
    await post(
      'hundred lines',
      'S2',
      Array.from({ length: 100 }, () => line(100n)),
    );
    const one = await count('S1');
    expect(one).toBeGreaterThan(4);
    expect(await count('S2')).toBe(one);
  });
});

describe('accounting periods', () => {
  test('post the revenue of their month before they close', async () => {
    await post('october', 'PC', [line(3_100n, october())], '2026-10-01');
    expect(await close('PC', '2026-10-15')).toMatchObject({ ok: true, value: '2026-10-01' });
    expect(await balances('PC')).toEqual({ RECEIVABLES: '3100', REVENUE: '-3100' });
    expect(await close('PC', '2026-10-01')).toMatchObject({ error: { code: 'PERIOD_CLOSED' } });
    expect(await close('PC', '2026-11-01')).toMatchObject({ error: { code: 'PERIOD_NOT_OVER' } });
  });

  test('refuse what a person dates there, and move what is automatic to the first open day', async () => {
    const id = await post('moved', 'PM', [line(3_000n)], '2026-10-05');
    await close('PM', '2026-10-01');
    await post('late automatic', 'PM', [line(100n)], '2026-10-31');
    const [late] = await query<{ booked_on: string }>(
      dataSource.manager,
      sql`SELECT booked_on FROM ledger_entry WHERE legal_entity_code = 'PM' AND kind = 'INVOICE_POSTED'
          ORDER BY recorded_at DESC LIMIT 1`,
    );
    expect(late?.booked_on).toBe('2026-11-01');
    const pay = (receivedAt: string) =>
      transaction((work) =>
        recordPayment(
          work,
          {
            invoiceId: id,
            amount: { amount: '1.00', currency: 'USD' },
            reference: 'wire',
            receivedAt: new Date(receivedAt),
          },
          receivedAt,
        ),
      );
    expect(await pay('2026-10-31T23:59:59Z')).toMatchObject({
      error: { code: 'PERIOD_CLOSED', field: ['receivedAt'] },
    });
    expect(await pay('2026-11-01T00:00:00Z')).toMatchObject({ ok: true });
  });

  test('wait for who is posting, and nothing slips in meanwhile', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const at = new Date('2026-10-31T12:00:00Z');
    const posting = transaction(async (work) => {
      await postDocuments(work, [bill('slow', inBooks('PW'), [line(100n, october())], at)], at);
      await finished;
    });
    await until(
      async () =>
        (
          await query(
            dataSource.manager,
            sql`SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 4003 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
          )
        ).length > 0,
    );
    const closing = close('PW', '2026-10-01');
    finish();
    await posting;
    expect(await closing).toMatchObject({ ok: true });
    expect(await balances('PW')).toEqual({ RECEIVABLES: '100', REVENUE: '-100' });
  });
});

describe('adjustments', () => {
  const request = (changes: object = {}) =>
    transaction((work) =>
      requestAdjustment(
        work,
        {
          legalEntity: 'AD',
          debit: 'COMMISSION_EXPENSE',
          credit: 'COMMISSION_PAYABLE',
          amount: { amount: '7.00', currency: 'USD' },
          reason: 'Commission of October',
          ...changes,
        },
        'internal:ada',
        JSON.stringify(changes),
      ),
    );
  const approve = (id: string, by: string) => transaction((work) => approveAdjustment(work, id, by));

  test('have effect when a second person approves', async () => {
    const asked = await request();
    if (!asked.ok) throw new Error(asked.error.message);
    expect(await approve(asked.value, 'internal:ada')).toMatchObject({ error: { code: 'SAME_PERSON' } });
    expect(await balances('AD')).toEqual({});
    expect(await approve(asked.value, 'internal:grace')).toMatchObject({ ok: true });
    expect(await balances('AD')).toEqual({ COMMISSION_EXPENSE: '700', COMMISSION_PAYABLE: '-700' });
  });

  test.each([
    ['of receivables', { debit: 'RECEIVABLES' }, 'LEDGER_ACCOUNT_INVALID'],
    ['of one account', { credit: 'COMMISSION_EXPENSE' }, 'LEDGER_ACCOUNT_INVALID'],
    ['of nothing', { amount: { amount: '0', currency: 'USD' } }, 'AMOUNT_OUT_OF_RANGE'],
    ['without a reason', { reason: '' }, 'INVALID_VALUE'],
  ])('%s are refused', async (_, changes, code) => {
    expect(await request(changes)).toMatchObject({ ok: false, error: { code } });
  });

  test('are refused when their month was closed before they were approved', async () => {
    const asked = await request({ bookedOn: localDate('2026-10-31'), legalEntity: 'AC' });
    if (!asked.ok) throw new Error(asked.error.message);
    await close('AC', '2026-10-01');
    expect(await approve(asked.value, 'internal:grace')).toMatchObject({ error: { code: 'PERIOD_CLOSED' } });
    expect(await request({ bookedOn: localDate('2026-10-30'), legalEntity: 'AC' })).toMatchObject({
      error: { code: 'PERIOD_CLOSED', field: ['bookedOn'] },
    });
  });
});

test('whatever happens, the books sum to zero and equal the documents behind them', async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('BILL' as const),
      minor: fc.bigInt({ min: -5_000n, max: 9_000n }),
      day: fc.integer({ min: 0, max: 40 }),
    }),
    fc.record({ kind: fc.constant('PAY' as const), minor: fc.integer({ min: 1, max: 9_000 }) }),
    fc.record({ kind: fc.constant('RECOGNIZE' as const), day: fc.integer({ min: 0, max: 60 }) }),
  );
  let history = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      history += 1;
      const code = `H${history}`;
      const invoices: string[] = [];
      for (const [index, done] of steps.entries()) {
        if (done.kind === 'BILL' && done.minor !== 0n) {
          const on = addDays(localDate('2026-11-01'), done.day);
          const id = await post(`${code} ${index}`, code, [line(done.minor, { taxRate: '8.1' })], on);
          if (done.minor > 0n) invoices.push(id);
        } else if (done.kind === 'PAY' && invoices.length > 0) {
          const invoiceId = invoices[done.minor % invoices.length] ?? '';
          const amount = { amount: (done.minor / 100).toFixed(2), currency: 'USD' };
          await transaction((work) =>
            recordPayment(work, { invoiceId, amount, reference: 'wire' }, `${code} ${index}`),
          );
        } else if (done.kind === 'RECOGNIZE')
          await recognize(code, addDays(localDate('2026-11-01'), done.day));
      }
      await expectBooksToEqualDocuments(code);
    }),
    { numRuns: 25 },
  );
}, 60_000);

async function expectBooksToEqualDocuments(code: string): Promise<void> {
  const ledger = await balances(code);
  const sum = Object.values(ledger).reduce((total, minor) => total + BigInt(minor), 0n);
  expect(sum).toBe(0n);
  const account = inBooks(code).id;
  const { credits, invoices } = await transaction(async (work) => ({
    credits: await work.credits.openCredits([account]),
    invoices: await work.credits.openInvoices([account]),
  }));
  const due = invoices.reduce((total, { amountDue }) => total + amountDue.minor, 0n);
  const left = credits.reduce((total, { remaining }) => total + remaining.minor, 0n);
  expect(BigInt(ledger['RECEIVABLES'] ?? 0)).toBe(due);
  expect(BigInt(ledger['ACCOUNT_CREDIT'] ?? 0)).toBe(-left);
  const [unearned] = await query<{ minor: string }>(
    dataSource.manager,
    sql`SELECT coalesce(sum(s.net_minor - earned_through(
                 s.net_minor, s.service_start, s.service_end, s.recognized_from, last.day)), 0)::text AS minor
        FROM revenue_schedule AS s,
             (SELECT coalesce(max(day), '1900-01-01') AS day FROM recognized_day WHERE books_code = ${code}) AS last
        WHERE s.books_code = ${code}`,
  );
  expect(BigInt(ledger['DEFERRED_REVENUE'] ?? 0)).toBe(-BigInt(unearned?.minor ?? 0));
}

function october(): { serviceStart: LocalDate; serviceEnd: LocalDate } {
  return { serviceStart: localDate('2026-10-01'), serviceEnd: localDate('2026-11-01') };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition()));
}
