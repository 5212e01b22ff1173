import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { dealWithDue, type OnSetAside } from '@fulfillment/kernel/server/due-work';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { licensesDefinition } from '../src/definition.js';
import { dueGraceEnds, dueReissues, outdatedSeats } from '../src/service/due-work.js';
import { recordSeatSamples } from '../src/service/record-seats.js';
import { deliverProducts, deliverSubscription, newSubscription, now } from './facts.js';

const clock = { at: now };
const time = { now: async () => clock.at };
const service = await startServiceHarness(licensesDefinition, { clock: time, periodic: false });
const { transaction } = await openUnitOfWork(licensesDefinition, service.databaseUrl, time);

/** Whatever is told of a poisoned subscription or deployment is refused by the database. */
beforeAll(async () => {
  await deliverProducts(service);
  await service.rows('CREATE TABLE poisoned (id text)');
  await service.rows(`CREATE FUNCTION refuse_poisoned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.topic IN ('licenses.license', 'licenses.grace-ended', 'licenses.seat-usage')
      AND EXISTS (SELECT FROM poisoned WHERE position(id IN NEW.payload::text) > 0) THEN RAISE 'It is poisoned';
    END IF;
    RETURN NEW; END $$`);
  await service.rows(
    'CREATE TRIGGER poison BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION refuse_poisoned()',
  );
});

type Customer = ReturnType<typeof newSubscription>;

const toldOf = async (
  topic: 'licenses.license' | 'licenses.grace-ended' | 'licenses.seat-usage',
  id: string,
) => (await service.promised(topic)).filter(({ payload }) => JSON.stringify(payload).includes(id)).length;

const kinds = [
  {
    kind: 'the license of the year after',
    work: dueReissues,
    at: '2027-02-01T00:00:00Z',
    agreed: { term: { startDate: '2026-01-01', endDate: '2029-01-01', months: 36 } },
    done: async ({ id }: Customer) => (await toldOf('licenses.license', id)) === 2,
  },
  {
    kind: 'the end of grace',
    work: dueGraceEnds,
    at: '2027-01-15T00:00:00Z',
    agreed: {},
    done: async ({ id }: Customer) => (await toldOf('licenses.grace-ended', id)) === 1,
  },
  {
    kind: 'seats that are held against another plan',
    work: outdatedSeats,
    at: '2027-01-15T00:00:00Z',
    agreed: {},
    done: async ({ deployment: { id } }: Customer) => (await toldOf('licenses.seat-usage', id)) === 2,
  },
];

test.each(kinds)('$kind that always fails stops no other, is seen, and can be sent again', async (kind) => {
  clock.at = now;
  const customers = Array.from({ length: 3 }, () => newSubscription(kind.agreed));
  for (const subscription of customers) {
    await deliverSubscription(service, subscription);
    const deployment = { id: subscription.deployment.id, accountId: subscription.accountId };
    const sample = { instanceId: null, takenAt: now, members: 3, guests: 0, maximum: null };
    const recorded = await transaction((unit) => recordSeatSamples(unit, deployment, [sample]));
    expect(recorded.ok).toBe(true);
  }
  const [poisoned, ...sound] = customers as [Customer, ...Customer[]];
  await service.rows('INSERT INTO poisoned VALUES ($1)', [poisoned.deployment.id]);
  clock.at = new Date(kind.at);
  const aside: string[] = [];
  const onSetAside: OnSetAside = (things) => void aside.push(...things.map((thing) => thing.kind));
  await dealWithDue({ transaction, now: clock.at, onSetAside }, kind.work);
  expect(aside.length).toBeGreaterThanOrEqual(customers.length);
  await service.settled();
  for (const subscription of sound) expect(await kind.done(subscription)).toBe(true);
  expect(await kind.done(poisoned)).toBe(false);

  // It is not in the way of what falls due later either.
  const before = aside.length;
  await dealWithDue({ transaction, now: clock.at, onSetAside }, kind.work);
  expect(aside).toHaveLength(before);
  const { nodes } = await service.bus.failed.list({ first: 10 }, 'FAILED_AT', { consumer: 'licenses' });
  expect(nodes).toMatchObject([{ topic: 'licenses.due-work', attemptLimit: 12, reason: 'It is poisoned' }]);

  await service.rows('DELETE FROM poisoned');
  const events = { by: 'IDS' as const, ids: nodes.map(({ eventId }) => eventId) };
  await service.bus.command('licenses', {
    kind: 'REDELIVER',
    id: randomUUID(),
    events,
    consumer: 'licenses',
  });
  await service.settled();
  expect(await kind.done(poisoned)).toBe(true);
  expect((await service.bus.failed.list({ first: 10 }, 'FAILED_AT', {})).nodes).toEqual([]);
});

test('seats that are due by a clock that was put back meanwhile are not worked out again and again', async () => {
  clock.at = now;
  const subscription = newSubscription({});
  await deliverSubscription(service, subscription);
  const deployment = { id: subscription.deployment.id, accountId: subscription.accountId };
  const sample = { instanceId: null, takenAt: now, members: 3, guests: 0, maximum: null };
  await transaction((unit) => recordSeatSamples(unit, deployment, [sample]));
  const [held] = await service.rows('SELECT holds_until FROM seat_usage WHERE deployment_id = $1', [
    deployment.id,
  ]);
  expect(held?.['holds_until']).toBeInstanceOf(Date);
  const later = new Date('2027-01-15T00:00:00Z');
  await dealWithDue({ transaction, now: later, onSetAside: () => undefined }, outdatedSeats);
  const [same] = await service.rows('SELECT holds_until FROM seat_usage WHERE deployment_id = $1', [
    deployment.id,
  ]);
  expect(same).toEqual(held);
});
