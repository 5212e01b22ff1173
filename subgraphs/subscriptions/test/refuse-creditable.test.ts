import { localDate } from '@fulfillment/kernel/domain/calendar';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { receiveAccount } from '../src/service/receive-account.js';
import { receiveOrder } from '../src/service/receive-order.js';
import { voidInvoice } from '../src/service/void-invoice.js';
import { approveWriteOff, requestWriteOff } from '../src/service/write-off.js';
import {
  exampleAccount,
  exampleAgreement,
  exampleChangeOrder,
  exampleOrder,
  premium,
} from './example-order.js';

const database = await cloneDatabase(subscriptionsDefinition);
const clock = { now: async () => new Date('2026-11-24T12:00:00Z') };
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, clock);

const customer = exampleAccount('Creditable');
const created = exampleOrder({ name: 'creditable', soldTo: customer });
const canceled = exampleChangeOrder(
  { name: 'creditable canceled', soldTo: customer, effectiveDate: '2026-11-24' },
  [
    {
      subscriptionId: created.actions[0]?.subscriptionId ?? '',
      baseVersion: 1,
      before: exampleAgreement({ name: 'creditable', soldTo: customer }, [premium]),
      change: { kind: 'CANCEL', on: localDate('2026-11-24') },
    },
  ],
);

async function invoiceId(): Promise<string> {
  const [invoice] = await dataSource.query<{ id: string }[]>('SELECT id FROM invoice WHERE order_id = $1', [
    created.id,
  ]);
  return invoice?.id ?? '';
}

test('what is charged for days to come is not taken back or given up while the subscription runs', async () => {
  await transaction((work) => receiveAccount(work, customer));
  await transaction((work) => receiveOrder(work, created));
  const id = await invoiceId();
  const running = { ok: false, error: { code: 'SUBSCRIPTION_RUNNING', field: ['invoiceId'] } };
  expect(await transaction((work) => voidInvoice(work, id))).toMatchObject(running);
  const giveUp = () =>
    transaction((work) =>
      requestWriteOff(work, { invoiceId: id, reason: 'They cannot pay' }, 'internal:ada', 'one'),
    );
  expect(await giveUp()).toMatchObject(running);

  await transaction((work) => receiveOrder(work, canceled));
  const requested = await giveUp();
  if (!requested.ok) throw new Error(requested.error.message);
  expect(await transaction((work) => approveWriteOff(work, requested.value, 'internal:bob'))).toEqual(
    requested,
  );
  const [credit] = await dataSource.query<{ left: string }[]>(
    `SELECT (SELECT coalesce(sum(amount_minor), 0) FROM account_credit)
            - (SELECT coalesce(sum(amount_minor), 0) FROM account_credit_use) AS left`,
  );
  expect(credit?.left).toBe('0');
});
