import { randomUUID } from 'node:crypto';
import type { OnSetAside } from '@fulfillment/kernel/server/due-work';
import type { RunTransaction } from '@fulfillment/kernel/server/service-definition';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { beforeAll, expect, test } from 'vitest';
import { subscriptionsDefinition } from '../src/definition.js';
import type { UnitOfWork } from '../src/service/ports.js';
import { receiveOrder } from '../src/service/receive-order.js';
import { type Due, dueCustomers, monthly } from './due-customers.js';
import { exampleAgreement, exampleChangeOrder, premium } from './example-order.js';

/*
 * Whatever the service does by itself: what fails for one stops no other, is seen with its reason, and can be sent again. Periodic work is
 * run here, and what was set aside is dealt with by the service: as after a process that died right after it had set aside.
 */
const time = { now: new Date('2026-01-31T12:00:00Z') };
const clock = { now: async () => time.now };
const service = await startServiceHarness(subscriptionsDefinition, { clock, periodic: false });
const { dataSource, transaction } = await openUnitOfWork(subscriptionsDefinition, service.databaseUrl, clock);
const customers = dueCustomers({ time, transaction, dataSource });

/** Does periodic work once, and gives the kinds of what was set aside. */
async function run(name: string, by: RunTransaction<UnitOfWork> = transaction): Promise<string[]> {
  const kinds: string[] = [];
  const onSetAside: OnSetAside = (things) => void kinds.push(...things.map(({ kind }) => kind));
  const work = subscriptionsDefinition.periodic?.find((one) => one.name === name);
  if (work === undefined) throw new Error(`There is no periodic work ${name}`);
  await work.run({ transaction: by, clock, onSetAside });
  return kinds;
}

/** The database refuses what names a poisoned id. */
beforeAll(async () => {
  await dataSource.query(`CREATE TABLE poisoned (id text);
    CREATE FUNCTION refuse_poisoned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT FROM poisoned WHERE position(id IN NEW::text) > 0) THEN RAISE 'It is poisoned'; END IF;
      RETURN NEW; END $$;
    CREATE TRIGGER poison BEFORE INSERT ON outbox FOR EACH ROW
      WHEN (NEW.topic NOT IN ('subscriptions.due-work', 'subscriptions.pending-payment'))
      EXECUTE FUNCTION refuse_poisoned()`);
  for (const table of ['seat_usage', 'recognized_day', 'payment_attempt_outcome', 'refund_attempt_outcome']) {
    await dataSource.query(
      `CREATE TRIGGER poison BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_poisoned()`,
    );
  }
});

const poison = ({ id }: Due) => dataSource.query('INSERT INTO poisoned VALUES ($1)', [id]);
const cure = ({ id }: Due) => dataSource.query('DELETE FROM poisoned WHERE id = $1', [id]);

/** What can no longer be read, as no code of ours writes it. */
const spoil = (table: string, column: string, key: string) => ({
  poison: ({ id }: Due) =>
    dataSource.query(
      `CREATE TABLE kept AS SELECT * FROM ${table} WHERE ${key} = '${id}';
       UPDATE ${table} SET ${column} = '{"spoiled": true}' WHERE ${key} = '${id}'`,
    ),
  cure: ({ id }: Due) =>
    dataSource.query(
      `UPDATE ${table} SET ${column} = (SELECT ${column} FROM kept) WHERE ${key} = '${id}'; DROP TABLE kept`,
    ),
});

async function failedOf({ id }: Due) {
  const page = await service.bus.failed.list({ first: 100 }, 'FAILED_AT', { consumer: 'subscriptions' });
  return page.nodes.filter(({ payload }) => payload.includes(id));
}

async function sendAgain(eventIds: string[]): Promise<void> {
  const events = { by: 'IDS' as const, ids: eventIds };
  const command = {
    kind: 'REDELIVER' as const,
    id: randomUUID(),
    events,
    consumer: 'subscriptions' as const,
  };
  await service.bus.command('subscriptions', command);
  await service.settled();
}

const isAside = async ({ id }: Due) =>
  (await service.rows('SELECT FROM set_aside WHERE subject = $1', [id])).length > 0;

interface Kind {
  readonly what: string;
  readonly kind: string;
  readonly work: string;
  /** When it is due. */
  readonly at: string;
  readonly arrange: (name: string) => Promise<Due>;
  readonly poison?: (due: Due) => Promise<unknown>;
  readonly cure?: (due: Due) => Promise<unknown>;
  readonly reason?: RegExp;
}

const { due } = customers;
const kinds: readonly Kind[] = [
  { what: 'a bill', kind: 'SUBSCRIPTION', work: 'due-work', at: '2026-03-01', arrange: due.subscription },
  {
    what: 'a bill of a subscription that cannot be read',
    kind: 'SUBSCRIPTION',
    work: 'due-work',
    at: '2026-03-01',
    arrange: due.subscription,
    ...spoil('billing_subscription_head', 'agreement', 'subscription_id'),
    reason: /^What is due for subscription [0-9a-f-]{36} cannot be done: ./,
  },
  { what: 'an order', kind: 'ORDER', work: 'due-work', at: '2026-03-11', arrange: due.order },
  {
    what: 'an order that cannot be read',
    kind: 'ORDER',
    work: 'due-work',
    at: '2026-03-11',
    arrange: due.order,
    ...spoil('scheduled_order', 'payload', 'order_id'),
    reason: /./,
  },
  {
    what: 'a draft',
    kind: 'DRAFT_INVOICE',
    work: 'due-work',
    at: '2026-03-12',
    arrange: (name) => due.draft(name, () => run('due-work')),
  },
  {
    what: 'use of seats',
    kind: 'SEAT_USAGE',
    work: 'due-work',
    at: '2026-01-02',
    arrange: due.seatsToldEarly,
  },
  { what: 'seats', kind: 'SEAT_RECONCILIATION', work: 'due-work', at: '2026-04-02', arrange: due.seats },
  { what: 'dunning', kind: 'DUNNING', work: 'dunning', at: '2026-03-05', arrange: due.dunning },
  { what: 'a suspension', kind: 'SUSPENSION', work: 'suspension', at: '2026-02-10', arrange: due.suspension },
  { what: 'revenue', kind: 'REVENUE', work: 'revenue', at: '2026-02-10', arrange: due.revenue },
  { what: 'a payment', kind: 'PAYMENT', work: 'pending-payments', at: '2026-02-01', arrange: due.payment },
  { what: 'a refund', kind: 'REFUND', work: 'pending-payments', at: '2026-02-01', arrange: due.refund },
  { what: 'a test clock', kind: 'TEST_CLOCK', work: 'test-clocks', at: '2026-01-31', arrange: due.testClock },
];

test.each(kinds)('$what: one that fails stops no other, is seen, and can be sent again', async (kind) => {
  const made: Due[] = [];
  for (const name of ['one', 'two', 'three']) made.push(await kind.arrange(`${kind.what} ${name}`));
  const [poisoned, ...sound] = made;
  if (poisoned === undefined) throw new Error('There are three');
  await (kind.poison ?? poison)(poisoned);
  time.now = new Date(`${kind.at}T18:00:00Z`);

  expect(new Set(await run(kind.work))).toEqual(new Set([kind.kind]));
  await service.settled();
  for (const one of sound) expect(await one.isDone()).toBe(true);
  expect(await poisoned.isDone()).toBe(false);
  const [failed] = await failedOf(poisoned);
  expect(failed).toMatchObject({
    attemptLimit: 12,
    reason: kind.reason ? expect.stringMatching(kind.reason) : 'It is poisoned',
    payload: expect.stringContaining(`"${kind.kind}"`),
  });

  // It is not looked for meanwhile, and fails alone as often as it is tried.
  expect(await run(kind.work)).toEqual([]);
  for (const _ of [2, 3]) {
    await sendAgain([failed?.eventId ?? '']);
    expect(await failedOf(poisoned)).toMatchObject([{ eventId: failed?.eventId }]);
    expect(await isAside(poisoned)).toBe(true);
  }

  await (kind.cure ?? cure)(poisoned);
  await sendAgain([failed?.eventId ?? '']);
  await run(kind.work);
  expect(await poisoned.isDone()).toBe(true);
  expect(await isAside(poisoned)).toBe(false);
  expect(await failedOf(poisoned)).toEqual([]);
});

test('a process that is killed while it sets aside leaves everything due', async () => {
  const [poisoned, sound] = [await due.subscription('killed one'), await due.subscription('killed two')];
  await poison(poisoned);
  time.now = new Date('2026-03-01T18:00:00Z');
  const told = async () => (await service.promised('subscriptions.due-work')).length;
  const before = await told();
  const killed: RunTransaction<UnitOfWork> = (work) =>
    transaction(async (unit) => {
      await work(unit);
      throw new Error('killed');
    });
  await expect(run('due-work', killed)).rejects.toThrow('killed');
  expect(await told()).toBe(before);
  expect(await isAside(poisoned)).toBe(false);

  await run('due-work');
  await service.settled();
  expect(await sound.isDone()).toBe(true);
  expect(await isAside(poisoned)).toBe(true);
  await cure(poisoned);
});

test('what was set aside and is dealt with otherwise is looked for again, and what was sent late changes nothing', async () => {
  const name = 'dealt with otherwise';
  const { account, subscriptionId: id } = await customers.bought(name);
  const poisoned = { id, isDone: async () => false };
  await poison(poisoned);
  time.now = new Date('2026-03-01T18:00:00Z');
  await run('due-work');
  await service.settled();
  const [failed] = await failedOf(poisoned);
  expect(await isAside(poisoned)).toBe(true);
  await cure(poisoned);

  // Somebody orders more, with which it is brought up to the day.
  const bought = { name, soldTo: account, effectiveDate: '2026-01-31', agreement: monthly };
  const change = exampleChangeOrder({ name: `${name} too`, soldTo: account, effectiveDate: '2026-03-01' }, [
    {
      subscriptionId: id,
      baseVersion: 1,
      before: exampleAgreement(bought, [premium]),
      change: { kind: 'CHANGE_QUANTITY', productCode: premium.productCode, quantity: 12, when: 'NOW' },
    },
  ]);
  await transaction((work) => receiveOrder(work, change));
  expect(await isAside(poisoned)).toBe(false);

  time.now = new Date('2026-04-01T18:00:00Z');
  await run('due-work');
  const invoices = () =>
    service.rows('SELECT DISTINCT invoice_id FROM invoice_line WHERE subscription_id = $1', [id]);
  const billed = await invoices();
  expect(billed.length).toBe(4);
  await sendAgain([failed?.eventId ?? '']);
  expect(await failedOf(poisoned)).toEqual([]);
  expect(await invoices()).toEqual(billed);
});

test('a test clock with a long way keeps no other waiting', async () => {
  const far = await due.testClock('far', 3_000);
  const near = await due.testClock('near');
  await run('test-clocks');
  expect(await far.isDone()).toBe(false);
  expect(await near.isDone()).toBe(true);
});
