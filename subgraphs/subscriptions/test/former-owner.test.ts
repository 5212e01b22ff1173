import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { OrderPayload } from '@fulfillment/schema/events/orders';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { receiveAccount } from '../src/service/receive-account.js';
import { receiveOrder } from '../src/service/receive-order.js';
import {
  exampleAccount,
  exampleAgreement,
  exampleChangeOrder,
  exampleOrder,
  premium,
} from './example-order.js';

const database = await cloneDatabase(subscriptionsDefinition);
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, {
  now: async () => new Date('2026-05-01T12:00:00Z'),
});

const place = (order: OrderPayload) => transaction((work) => receiveOrder(work, order));

test('nobody is dunned for what a former owner of a subscription left unpaid', async () => {
  const [giver, receiver] = [exampleAccount('Giver'), exampleAccount('Receiver')];
  for (const account of [giver, receiver]) await transaction((work) => receiveAccount(work, account));
  const example = { name: 'given away', soldTo: giver, effectiveDate: '2026-05-01' };
  const order = exampleOrder(example);
  await place(order);
  const id = order.actions[0]?.subscriptionId ?? '';
  await dataSource.query(
    `INSERT INTO dunning_step (invoice_id, step, taken_on, taken_at)
     SELECT id, 'SUSPENSION', '2026-05-01', now() FROM invoice WHERE invoice_owner_account_id = $1`,
    [giver.id],
  );
  const toSuspend = () =>
    transaction((work) => work.suspensions.unpaidToSuspend(giver.id, localDate('2026-05-01')));
  expect(await toSuspend()).toEqual([id]);
  const change = { kind: 'TRANSFER_OWNER', accountId: receiver.id } as const;
  const before = exampleAgreement(example, [premium]);
  await place(
    exampleChangeOrder({ ...example, name: 'transfer' }, [
      { subscriptionId: id, baseVersion: 1, before, change },
    ]),
  );
  expect(await toSuspend()).toEqual([]);
});
