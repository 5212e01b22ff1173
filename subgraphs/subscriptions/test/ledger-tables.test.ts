import { derivedId } from '@fulfillment/kernel/domain/ids';
import { query } from '@fulfillment/kernel/server/sql';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import sql from 'sql-template-tag';
import { beforeAll, describe, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { postDocuments } from '../src/service/post-documents.js';
import { addSubscription, bill, line, payer } from './example-bill.js';

const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url);

beforeAll(() => addSubscription(dataSource));

describe('the database itself', () => {
  const entry = (cause: string, bookedOn = '2026-11-23') => `
    INSERT INTO ledger_entry VALUES ('${derivedId('test-entry', cause)}', 'ADJUSTMENT', '${cause}', 'DB', 'USD',
      '${bookedOn}', now(), NULL, NULL);`;
  const side = (cause: string, account: string, minor: number) =>
    `INSERT INTO ledger_posting VALUES ('${derivedId('test-entry', cause)}', '${account}', ${minor});`;
  const run = (...statements: string[]) =>
    dataSource.transaction(async (manager) => {
      for (const statement of statements) await manager.query(statement);
    });

  test('takes an entry that balances, once', async () => {
    const balanced = [entry('fine'), side('fine', 'CASH', 5), side('fine', 'REVENUE', -5)];
    await run(...balanced);
    await expect(
      run(entry('fine').replace(derivedId('test-entry', 'fine'), derivedId('x', 'y'))),
    ).rejects.toThrow(/ledger_entry_cause/);
  });

  test.each<[string, string[], RegExp]>([
    [
      'an entry that is off',
      [entry('off'), side('off', 'CASH', 5), side('off', 'REVENUE', -4)],
      /sum to 1, not to zero/,
    ],
    ['an entry without postings', [entry('bare')], /sum to nothing, not to zero/],
    ['a posting that comes later', [side('fine', 'BAD_DEBT', 1)], /sum to 1, not to zero/],
    ['a posting of nothing', [entry('nil'), side('nil', 'CASH', 0)], /ledger_posting_moves/],
  ])('refuses %s', async (_, statements, refusal) => {
    await expect(run(...statements)).rejects.toThrow(refusal);
  });

  test('refuses what is booked in a closed month, or before it', async () => {
    await run(`INSERT INTO accounting_period VALUES ('DB', '2026-06-01', now(), 'ada')`);
    const sides = (cause: string) => [side(cause, 'CASH', 5), side(cause, 'REVENUE', -5)];
    await expect(run(entry('june', '2026-06-30'), ...sides('june'))).rejects.toThrow(/closed on 2026-06-30/);
    await expect(run(entry('may', '2026-05-31'), ...sides('may'))).rejects.toThrow(/closed on 2026-05-31/);
    await run(entry('july', '2026-07-01'), ...sides('july'));
  });

  test.each([
    'credit_memo',
    'credit_memo_line',
    'account_credit',
    'account_credit_use',
    'refund',
    'payment_attempt',
    'payment_attempt_outcome',
    'refund_attempt',
    'refund_attempt_outcome',
    'refund_hold',
    'write_off',
    'adjustment',
    'approval',
    'dunning_step',
    'ledger_entry',
    'ledger_posting',
    'accounting_period',
    'revenue_schedule',
    'recognized_day',
  ])('refuses to change or remove rows of %s', async (table) => {
    const [column] = await query<{ name: string }>(
      dataSource.manager,
      sql`SELECT column_name AS name FROM information_schema.columns WHERE table_name = ${table} LIMIT 1`,
    );
    const refusal = /are never changed or removed/;
    await expect(dataSource.query(`UPDATE ${table} SET ${column?.name} = ${column?.name}`)).rejects.toThrow(
      refusal,
    );
    await expect(dataSource.query(`DELETE FROM ${table}`)).rejects.toThrow(refusal);
    await expect(dataSource.query(`TRUNCATE ${table} CASCADE`)).rejects.toThrow(refusal);
  });

  test('refuses lines that do not sum to the total of a credit memo', async () => {
    const at = new Date('2026-11-23T12:00:00Z');
    const memo = bill('memo with lines', payer('owner'), [line(-100n, { taxRate: '10' })], at);
    await transaction((work) => postDocuments(work, [memo], at));
    await expect(
      dataSource.query(
        `INSERT INTO credit_memo_line
         SELECT (json_populate_record(l, '{"position": 2}')).* FROM credit_memo_line AS l WHERE credit_memo_id = $1`,
        [memo.draft.id],
      ),
    ).rejects.toThrow(/give back 220 and its total is 110/);
  });
});
