import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import { periodicWork } from '../src/periodic.js';
import { receiveAccount } from '../src/service/receive-account.js';
import { receiveOrder } from '../src/service/receive-order.js';
import { createSimulatedPayments } from '../src/service/simulated-payments.js';
import { sendTestClock } from '../src/service/test-clock.js';
import {
  exampleAccount,
  exampleAgreement,
  exampleChangeOrder,
  exampleOrder,
  premium,
} from './example-order.js';

/*
 * Rows that cannot be read any more, as no code of ours writes them: what is due for one must never stop what is due for others.
 */
const database = await cloneDatabase(subscriptionsDefinition);
const time = { now: new Date('2026-01-31T12:00:00Z') };
const clock = { now: async () => time.now };
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, database.url, clock);

const works = periodicWork(createSimulatedPayments());
const dueWork = works.find(({ failure }) => failure.startsWith('What fell due'));
const testClocks = works.find(({ failure }) => failure.startsWith('A test clock'));
const run = async (work: typeof dueWork) => work?.run(transaction, clock);

const customer = exampleAccount('Monthly');

const monthly = (name: string, soldTo: AccountPayload = customer) =>
  exampleOrder({
    name,
    soldTo,
    effectiveDate: '2026-01-31',
    agreement: { billing: { period: 'MONTH', anchor: localDate('2026-01-31'), policy: 'ACTUAL_DAYS' } },
  });

const subscriptionOf = (order: OrderPayload) => order.actions[0]?.subscriptionId ?? '';

async function place(order: OrderPayload, soldTo: AccountPayload = customer): Promise<string> {
  await transaction((work) => receiveAccount(work, soldTo));
  await transaction((work) => receiveOrder(work, order));
  return subscriptionOf(order);
}

const spoil = (subscriptionId: string) =>
  dataSource.query(
    `UPDATE billing_subscription_head SET agreement = '{"spoiled": true}' WHERE subscription_id = $1`,
    [subscriptionId],
  );

/** How far a subscription is billed, and when it is looked at again. */
async function scheduleOf(subscriptionId: string): Promise<{ billed_until: string; due_at: Date }> {
  const [row] = await dataSource.query<{ billed_until: string; due_at: Date }[]>(
    'SELECT billed_until::text, due_at FROM billing_schedule WHERE subscription_id = $1',
    [subscriptionId],
  );
  if (row === undefined) throw new Error(`${subscriptionId} has no schedule`);
  return row;
}

test('a subscription that cannot be read is set aside, and the others are billed', async () => {
  const ids: string[] = [];
  for (const name of ['one', 'two', 'three']) ids.push(await place(monthly(name)));
  const [spoiled = '', ...others] = ids;
  await spoil(spoiled);
  time.now = new Date('2026-03-01T12:00:00Z');
  await expect(run(dueWork)).rejects.toThrow('1 failed');
  await run(dueWork);
  for (const id of others) expect((await scheduleOf(id)).billed_until).toBe('2026-03-31');
  expect(await scheduleOf(spoiled)).toEqual({
    billed_until: '2026-02-28',
    due_at: new Date('2026-03-01T12:15:00Z'),
  });
});

test('an order that cannot be read is set aside, and the others are carried out and billed', async () => {
  const good = await place(monthly('beside a spoiled order'));
  const order = monthly('spoiled');
  await transaction(({ scheduledOrders }) => scheduledOrders.keep(order, time.now));
  await dataSource.query(`UPDATE scheduled_order SET payload = '{"spoiled": true}' WHERE order_id = $1`, [
    order.id,
  ]);
  time.now = new Date('2026-04-01T12:00:00Z');
  await expect(run(dueWork)).rejects.toThrow('failed');
  await run(dueWork);
  expect((await scheduleOf(good)).billed_until).toBe('2026-04-30');
  const [left] = await dataSource.query<{ due_at: Date }[]>(
    'SELECT due_at FROM scheduled_order WHERE order_id = $1',
    [order.id],
  );
  expect(left?.due_at).toEqual(new Date('2026-04-01T12:15:00Z'));
});

test('a test clock that cannot move on keeps no other waiting, and neither does a long way', async () => {
  const sandboxes = ['First', 'Second', 'Third'].map((name) => exampleAccount(name, { sandbox: true }));
  const [far, stuck, near] = sandboxes;
  if (!far || !stuck || !near) throw new Error('There are three');
  await place(monthly('far', far), far);
  await spoil(await place(monthly('stuck', stuck), stuck));
  await transaction((work) => receiveAccount(work, near));
  const start = time.now.getTime();
  const send = (id: string, days: number) =>
    transaction((work) => sendTestClock(work, id, new Date(start + days * 86_400_000)));
  await send(far.id, 3_000);
  await send(stuck.id, 60);
  await send(near.id, 60);
  await expect(run(testClocks)).rejects.toThrow('1 failed');
  // The stuck one rests: the next run does not fail.
  await run(testClocks);
  const settled = await Promise.all(
    sandboxes.map(({ id }) => transaction(({ testClockTargets }) => testClockTargets.find(id))),
  );
  expect(settled.map((target) => target?.settled)).toEqual([false, false, true]);
});

test('nobody is dunned for what a former owner of a subscription left unpaid', async () => {
  time.now = new Date('2026-05-01T12:00:00Z');
  const [giver, receiver] = [exampleAccount('Giver'), exampleAccount('Receiver')];
  for (const account of [giver, receiver]) await transaction((work) => receiveAccount(work, account));
  const example = { name: 'given away', soldTo: giver, effectiveDate: '2026-05-01' };
  const id = await place(exampleOrder(example), giver);
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
    giver,
  );
  expect(await toSuspend()).toEqual([]);
});
