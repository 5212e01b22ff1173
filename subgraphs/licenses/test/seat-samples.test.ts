import { randomUUID } from 'node:crypto';
import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { licensesDefinition } from '../src/definition.js';
import { recordOf } from '../src/domain/seats/seat-record.js';
import type { SeatSample } from '../src/domain/seats/seat-sample.js';
import { seatUseOf } from '../src/domain/seats/seat-use.js';
import { endSeatReports, recordSeatSamples, refreshOutdatedSeats } from '../src/service/record-seats.js';
import { createMemoryKeyRing } from '../src/keys/memory-key-ring.js';
import { createSecretMaker } from '../src/keys/secret-maker.js';
import { takeSubscription } from '../src/service/take-subscription.js';
import { changed, newSubscription, now, planItem } from './facts.js';

const database = await cloneDatabase(licensesDefinition);
const { dataSource, transaction } = await openUnitOfWork(licensesDefinition, database.url, {
  now: async () => now,
});

const term = { start: localDate('2026-01-01'), end: localDate('2027-01-01') };

beforeAll(() =>
  transaction((unit) =>
    unit.products.put({
      code: 'ULTIMATE',
      version: 1,
      name: 'Ultimate',
      features: [{ key: 'free_guest_users', name: 'Guests', kind: 'ON_OFF', quantity: null }],
      recordedAt: now,
    }),
  ),
);

const secrets = createSecretMaker(createMemoryKeyRing());

async function newCustomer(planCode = 'PREMIUM') {
  const subscription = newSubscription({ items: [planItem(planCode, 10)] });
  await transaction((unit) => takeSubscription(unit, secrets, subscription, { version: 1, recordedAt: now }));
  const deployment = { id: subscription.deployment.id, accountId: subscription.accountId };
  return { subscription, deployment };
}

type Deployment = Awaited<ReturnType<typeof newCustomer>>['deployment'];

function report(deployment: Deployment, samples: readonly SeatSample[]) {
  return transaction((unit) => recordSeatSamples(unit, deployment, samples));
}

function sample(day: string, members: number, more: Partial<SeatSample> = {}): SeatSample {
  const takenAt = new Date(day.includes('T') ? day : `${day}T06:00:00Z`);
  return { instanceId: null, takenAt, members, guests: 0, maximum: null, ...more };
}

async function told(
  deployment: Deployment,
): Promise<{ sequence: number; payload: Record<string, unknown> }[]> {
  return dataSource.query(
    `SELECT sequence, payload FROM outbox WHERE topic = 'licenses.seat-usage' AND aggregate_id = $1 ORDER BY position`,
    [deployment.id],
  );
}

const dayOf = (instant: unknown) => String(instant).slice(0, 10);

/** Every row of a deployment's seats, but for when it came in and how often it was told of. */
async function rowsOf({ id }: Deployment) {
  const of = (columns: string, table: string) =>
    dataSource.query<object[]>(
      `SELECT ${columns} FROM ${table} WHERE deployment_id = $1 ORDER BY ${columns}`,
      [id],
    );
  return {
    samples: await of('instance_id, taken_at, members, guests', 'seat_sample'),
    days: await of('day, members, with_guests', 'seat_day'),
    newest: await of('instance_id, taken_at, members, with_guests, ended_at', 'seat_newest'),
    maxima: await of('since, users, told_on', 'seat_maximum'),
    usage: await of('used, maximum, maximum_since, reported_at, purchased, overage', 'seat_usage'),
  };
}

const anySample = fc
  .record({
    day: fc.integer({ min: -60, max: 160 }),
    hour: fc.constantFrom('00', '11', '23'),
    instanceId: fc.constantFrom(null, 'a', 'b'),
    members: fc.nat(30),
    guests: fc.nat(10),
    maximum: fc.option(fc.record({ users: fc.nat(40), back: fc.integer({ min: 0, max: 150 }) })),
  })
  .map(({ day, hour, maximum, ...counts }): SeatSample => {
    const on = addDays(term.start, day);
    return {
      ...counts,
      takenAt: new Date(`${on}T${hour}:00:00Z`),
      maximum: maximum && { users: maximum.users, since: addDays(on, -maximum.back) },
    };
  });

/** Samples in reports of several each, and the same told again, in another order and in other reports. */
const anyHistory = fc.array(anySample, { minLength: 1, maxLength: 10 }).chain((samples) =>
  fc.record({
    samples: fc.constant(samples),
    again: fc.shuffledSubarray([...samples, ...samples], { minLength: samples.length * 2 }),
    size: fc.integer({ min: 1, max: 4 }),
    planCode: fc.constantFrom('PREMIUM', 'ULTIMATE'),
  }),
);

function inReports<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

describe('recordSeatSamples', () => {
  it('comes out the same whatever the order of reports and however often each comes, as the samples say', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async ({ samples, again, size, planCode }) => {
        const [once, repeated] = [await newCustomer(planCode), await newCustomer(planCode)];
        await report(once.deployment, samples);
        for (const part of inReports(again, size)) await report(repeated.deployment, part);
        expect(await rowsOf(repeated.deployment)).toEqual(await rowsOf(once.deployment));
        const [left, right] = [await told(once.deployment), await told(repeated.deployment)];
        const {
          deploymentId: _,
          accountId: __,
          subscriptionId: ___,
          reportedAt,
          ...payload
        } = right.at(-1)?.payload ?? {};
        expect(left.at(-1)?.payload).toMatchObject(payload);
        // Of one day the first report is told, and those that bring anything new.
        expect(dayOf(left.at(-1)?.payload['reportedAt'])).toBe(dayOf(reportedAt));
        const use = seatUseOf(recordOf(samples, term), {
          term,
          guestsBill: planCode === 'PREMIUM',
          at: now,
        });
        expect(payload).toMatchObject({
          used: use?.used,
          maximum: use?.maximum,
          days: use?.days,
          quarters: use?.quarters.map(({ start, end, maximum }) => {
            return { startDate: start, endDate: end, maximum };
          }),
        });
      }),
      { numRuns: 40 },
    );
  });

  it('tells what is new, once', async () => {
    const { deployment, subscription } = await newCustomer();
    await report(deployment, [sample('2026-02-01', 12)]);
    await report(deployment, [sample('2026-02-01', 12)]);
    await report(deployment, [sample('2026-02-01', 11)]);
    expect(await told(deployment)).toMatchObject([
      {
        sequence: 1,
        payload: {
          subscriptionId: subscription.id,
          used: 12,
          maximum: 12,
          reportedAt: '2026-02-01T06:00:00.000Z',
        },
      },
    ]);
    expect(await report(deployment, [sample('2026-01-05', 14)])).toMatchObject({
      value: { used: 12, maximum: 14, purchased: 10, overage: 4, version: 2 },
    });
  });

  it('refuses all of a report of which one sample is wrong, and records nothing', async () => {
    const { deployment } = await newCustomer();
    const refused = await report(deployment, [sample('2026-02-01', 12), sample('2026-02-02', -1)]);
    expect(refused).toMatchObject({ ok: false, error: { index: 1, field: 'members' } });
    expect((await rowsOf(deployment)).samples).toEqual([]);
  });

  it('counts two reports at the same moment both', async () => {
    const { deployment } = await newCustomer();
    const days = Array.from({ length: 12 }, (_, index) => addDays(term.start, index));
    await Promise.all(days.map((day, index) => report(deployment, [sample(day, 20 + index)])));
    const { samples, usage } = await rowsOf(deployment);
    expect(samples).toHaveLength(12);
    expect(usage).toMatchObject([{ used: 31, maximum: 31, overage: 21 }]);
    // Those that came after a higher one of a later day had nothing new to tell.
    const all = await told(deployment);
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1));
    expect(all.at(-1)?.payload).toMatchObject({ used: 31, maximum: 31 });
  });

  it('lets an instance that was taken out of use count no more, until it reports again', async () => {
    const { deployment } = await newCustomer();
    await report(deployment, [
      sample('2026-06-01', 30, { instanceId: 'old' }),
      sample('2026-06-02', 8, { instanceId: 'new' }),
    ]);
    await transaction((unit) => endSeatReports(unit, deployment, 'old'));
    expect((await told(deployment)).at(-1)?.payload).toMatchObject({ used: 8, maximum: 30 });
    await report(deployment, [sample('2026-06-15T12:01:00Z', 25, { instanceId: 'old' })]);
    expect((await told(deployment)).at(-1)?.payload).toMatchObject({ used: 25, maximum: 30 });
  });

  it('is worked out anew when another agreement is in force', async () => {
    const { deployment, subscription } = await newCustomer();
    await report(deployment, [sample('2026-02-01', 8), sample('2026-05-01', 12, { guests: 3 })]);
    expect((await told(deployment)).at(-1)?.payload).toMatchObject({ maximum: 15 });
    const upgraded = changed(subscription, {
      items: [planItem('ULTIMATE', 12)],
      term: { startDate: '2026-03-01', endDate: '2027-03-01', months: 12 },
    });
    await transaction((unit) => takeSubscription(unit, secrets, upgraded, { version: 2, recordedAt: now }));
    expect((await told(deployment)).at(-1)).toMatchObject({
      sequence: 2,
      payload: {
        maximum: 12,
        term: { startDate: '2026-03-01' },
        quarters: [{ startDate: '2026-03-01', maximum: 12 }, { maximum: 0 }, { maximum: 0 }, { maximum: 0 }],
      },
    });
    expect((await rowsOf(deployment)).usage).toMatchObject([{ purchased: 12, overage: 0 }]);
  });

  it('is worked out anew when the term is over, by the clock alone', async () => {
    const subscription = newSubscription({
      term: { startDate: '2025-07-01', endDate: '2026-07-01', months: 12 },
    });
    await transaction((unit) =>
      takeSubscription(unit, secrets, subscription, { version: 1, recordedAt: now }),
    );
    const deployment = { id: subscription.deployment.id, accountId: subscription.accountId };
    await report(deployment, [sample('2026-02-01', 15)]);
    const graceEnd = new Date('2026-07-15T00:00:00Z');
    const later = async (at: Date) => {
      const clock = { now: async () => at };
      return transaction((unit) => refreshOutdatedSeats({ ...unit, clock }));
    };
    expect((await rowsOf(deployment)).usage).toMatchObject([{ purchased: 10, overage: 5 }]);
    await later(new Date('2026-07-01T00:00:00Z'));
    // In grace the plan is kept, and nothing more happens until it is over.
    expect((await rowsOf(deployment)).usage).toMatchObject([{ purchased: 10 }]);
    await later(graceEnd);
    expect((await told(deployment)).at(-1)?.payload).toMatchObject({ subscriptionId: null, term: null });
    expect((await rowsOf(deployment)).usage).toMatchObject([{ purchased: 0, overage: 0 }]);
    expect(await later(graceEnd)).toBe(0);
  });

  it('counts all days of a deployment without a subscription', async () => {
    const deployment = { id: randomUUID(), accountId: randomUUID() };
    await transaction((unit) =>
      unit.deployments.register({
        ...deployment,
        version: 1,
        kind: 'SAAS_NAMESPACE',
        externalId: deployment.id,
        name: 'Free',
        registeredAt: now,
      }),
    );
    await report(deployment, [sample('2024-02-01', 8), sample('2026-05-01', 3)]);
    expect((await told(deployment)).at(-1)?.payload).toMatchObject({
      subscriptionId: null,
      term: null,
      used: 3,
      maximum: 8,
      quarters: [],
    });
    await report(deployment, [sample('2026-05-02', 5)]);
    expect((await told(deployment)).at(-1)?.payload).toMatchObject({ used: 5, maximum: 8 });
    await report(deployment, [sample('2026-05-03', 9)]);
    expect((await told(deployment)).at(-1)?.payload).toMatchObject({ used: 9, maximum: 9 });
  });
});
