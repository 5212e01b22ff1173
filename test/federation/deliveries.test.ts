import { randomUUID } from 'node:crypto';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { serviceDataSource } from '@fulfillment/kernel/server/service-tables';
import { partnersDefinition } from '@fulfillment/partners/definition';
import { consumers, type ServiceName, serviceNames, type Topic } from '@fulfillment/schema/events/topics';
import { subscriptionsDefinition } from '@fulfillment/subscriptions/definition';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { appendEvents } from '../kit/append-events.js';
import { startSeededSystem } from '../kit/seeded-system.js';
import { allRows } from '../kit/table-rows.js';
import { openUnitOfWork } from '../kit/unit-of-work.js';

const system = await startSeededSystem(40);
const operations = { audience: 'internal' } as const;

const bus = new pg.Pool({ connectionString: system.databaseUrls.bus, max: 1 });
const subscriptions = await serviceDataSource(
  subscriptionsDefinition,
  system.databaseUrls.subscriptions,
).initialize();
const partners = await openUnitOfWork(partnersDefinition, system.databaseUrls.partners);
afterAll(async () => {
  await bus.end();
  await subscriptions.destroy();
});

const failedDocument = `query ($filter: FailedDeliveryFilter) {
  failedDeliveries(filter: $filter) {
    totalCount
    nodes {
      eventId topic producer consumer aggregateId sequence attempts attemptLimit isDeadLetter reason payload
      occurredAt failedAt retriedAt
    }
  }
}`;

interface Failed {
  readonly eventId: string;
  readonly isDeadLetter: boolean;
  readonly payload: string;
}

async function failed(filter: object = {}): Promise<readonly Failed[]> {
  const { data, errors } = await system.graphql<{ failedDeliveries: { nodes: Failed[] } }>(
    operations,
    failedDocument,
    { filter },
  );
  expect(errors).toEqual([]);
  return data?.failedDeliveries.nodes ?? [];
}

const redeliverDocument = `mutation ($input: RedeliverEventsInput!) {
  redeliverEvents(input: $input) { sentCount userErrors { code field } }
}`;

async function redeliver(input: object) {
  const { data, errors } = await system.graphql<{ redeliverEvents: unknown }>(operations, redeliverDocument, {
    input: { idempotencyKey: randomUUID(), ...input },
  });
  expect(errors).toEqual([]);
  return data?.redeliverEvents;
}

const refusal = (code: string, ...field: string[]) => ({ sentCount: null, userErrors: [{ code, field }] });
const sent = (sentCount: number) => ({ sentCount, userErrors: [] });

/** Subscriptions tells of invoices that were posted for a partner's customers. */
async function postInvoices(partnerId: string, count: number): Promise<void> {
  const invoices: { id: string }[] = await subscriptions.query('SELECT id FROM invoice LIMIT $1', [count]);
  for (const [index, { id }] of invoices.entries()) {
    const number = index + 1;
    await appendEvents(subscriptions, (events) =>
      events.append('subscriptions.partner-invoice-posted', {
        aggregateId: partnerId,
        occurredAt: new Date('2026-11-23T10:00:00Z'),
        payload: {
          partnerId,
          invoiceId: id,
          invoiceNumber: `TEST-${number}`,
          orderId: null,
          credits: [],
          net: { minor: String(10_000 * number), currency: 'USD' },
          postedAt: '2026-11-23T10:00:00.000Z',
        },
      }),
    );
  }
}

async function registerPartner(id: string): Promise<void> {
  await partners.transaction((work) =>
    work.partners.add({
      id,
      version: 1,
      kind: 'RESELLER',
      distributorId: null,
      name: 'Late Partner',
      contactEmail: 'sales@late.example',
      accountId: randomUUID(),
      timeZone: 'UTC',
      registeredAt: new Date('2026-11-01T00:00:00Z'),
      agreements: [
        {
          id: randomUUID(),
          startDate: localDate('2026-01-01'),
          endDate: localDate('2027-01-01'),
          commissionRatePercent: '10',
        },
      ],
    }),
  );
}

const commissions = (partnerId: string): Promise<{ amount_minor: string }[]> =>
  partners.dataSource.query('SELECT amount_minor FROM commission WHERE partner_id = $1 ORDER BY base_minor', [
    partnerId,
  ]);

/** Everything that was told is published, and no delivery is waiting or being worked on. */
async function untilQuiet(): Promise<void> {
  for (const source of [subscriptions, partners.dataSource]) {
    const unpublished = () => source.query('SELECT FROM outbox WHERE published_at IS NULL');
    await expect.poll(unpublished).toEqual([]);
  }
  const waiting = async () => (await bus.query('SELECT FROM graphile_worker.jobs')).rowCount;
  await expect.poll(waiting, { timeout: 25_000 }).toBe(0);
}

describe('a delivery that fails', () => {
  it('is seen with its payload and reason, parks its lane of facts, and redelivery resumes it', async () => {
    const partnerId = randomUUID();
    await postInvoices(partnerId, 3);
    await expect.poll(async () => (await failed()).length).toBe(1);
    const [first] = await failed({ consumer: 'PARTNERS', producer: 'SUBSCRIPTIONS' });
    expect(first).toMatchObject({
      topic: 'subscriptions.partner-invoice-posted',
      producer: 'SUBSCRIPTIONS',
      consumer: 'PARTNERS',
      aggregateId: partnerId,
      sequence: 1,
      attempts: 1,
      attemptLimit: 12,
      isDeadLetter: false,
      reason: expect.stringContaining(`names partner ${partnerId}, which is not known`),
      occurredAt: '2026-11-23T10:00:00.000Z',
    });
    expect(JSON.parse(first?.payload ?? '')).toMatchObject({ partnerId, invoiceNumber: 'TEST-1' });
    expect(await failed({ consumer: 'ORDERS' })).toEqual([]);

    await bus.query(
      'UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE last_error IS NOT NULL',
    );
    expect(await failed()).toMatchObject([{ isDeadLetter: true, retriedAt: null }]);
    await registerPartner(partnerId);
    expect(await commissions(partnerId)).toEqual([]);

    expect(await redeliver({ producer: 'SUBSCRIPTIONS', eventIds: [first?.eventId] })).toEqual(sent(1));
    await expect.poll(() => commissions(partnerId)).toHaveLength(3);
    expect((await commissions(partnerId)).map((row) => row.amount_minor)).toEqual(['1000', '2000', '3000']);
    await untilQuiet();
    expect(await failed()).toEqual([]);
  });
});

describe('what falls due and fails', () => {
  interface Schedule {
    readonly subscription_id: string;
    readonly due_at: Date;
    readonly agreement: object;
  }

  const change = (subscriptionId: string, agreement: object, dueAt: Date) =>
    subscriptions.query(
      `WITH due AS (UPDATE billing_schedule SET due_at = $3 WHERE subscription_id = $1)
       UPDATE billing_subscription_head SET agreement = $2 WHERE subscription_id = $1`,
      [subscriptionId, JSON.stringify(agreement), dueAt],
    );

  const schedule = async (subscriptionId: string): Promise<{ due_at: Date; aside: boolean } | undefined> => {
    const rows: { due_at: Date; aside: boolean }[] = await subscriptions.query(
      `SELECT due_at, EXISTS (SELECT FROM set_aside WHERE subject = subscription_id::text) AS aside
       FROM billing_schedule WHERE subscription_id = $1`,
      [subscriptionId],
    );
    return rows[0];
  };

  it('is seen with its reason, and is done once it is sent again', async () => {
    const [due]: Schedule[] = await subscriptions.query(
      `SELECT subscription_id, due_at, agreement FROM billing_schedule JOIN billing_subscription_head USING (subscription_id)
       WHERE due_at > '2026-12-01' ORDER BY due_at LIMIT 1`,
    );
    if (due === undefined) throw new Error('Nothing ever falls due');
    const { subscription_id: id } = due;
    await change(id, { spoiled: true }, new Date('2026-11-24T00:00:00Z'));
    const own = { producer: 'SUBSCRIPTIONS', consumer: 'SUBSCRIPTIONS' };
    await expect.poll(async () => (await failed(own)).length, { timeout: 10_000 }).toBe(1);
    const [first] = await failed(own);
    expect(first).toMatchObject({
      topic: 'subscriptions.due-work',
      isDeadLetter: false,
      reason: expect.stringContaining(`What is due for subscription ${id} cannot be done`),
      payload: expect.stringContaining(id),
    });
    expect(await schedule(id)).toMatchObject({ aside: true });

    await change(id, due.agreement, new Date('2026-11-24T00:00:00Z'));
    expect(await redeliver({ producer: 'SUBSCRIPTIONS', eventIds: [first?.eventId] })).toEqual(sent(1));
    await expect.poll(() => failed(own), { timeout: 10_000 }).toEqual([]);
    // Nothing of it was due in truth: it is looked at again when something is.
    expect(await schedule(id)).toEqual({ due_at: due.due_at, aside: false });
  });
});

describe('redelivery', () => {
  it('of everything that was ever told, to everybody, changes nothing anywhere', async () => {
    const rows = async () =>
      Promise.all(serviceNames.map((service) => allRows(system.databaseUrls[service])));
    await untilQuiet();
    const before = await rows();
    for (const topic of Object.keys(consumers) as Topic[]) {
      const producer = topic.slice(0, topic.indexOf('.')) as ServiceName;
      const told = before[serviceNames.indexOf(producer)]?.['outbox'] ?? [];
      const count = told.filter((row) => row.includes(`,${topic},`)).length;
      const answer = await redeliver({ producer: producer.toUpperCase(), range: { topic } });
      if (consumers[topic].length === 0) expect(answer).toEqual(refusal('EVENT_NOT_CONSUMED', 'consumer'));
      else expect(answer).toEqual(count > 0 ? sent(count) : refusal('RANGE_EMPTY', 'range'));
    }
    await untilQuiet();
    expect(await rows()).toEqual(before);
  });

  it('takes a stretch of one aggregate by number or by time, to one consumer', async () => {
    const partnerId = randomUUID();
    await registerPartner(partnerId);
    await postInvoices(partnerId, 5);
    const topic = 'subscriptions.partner-invoice-posted';
    const range = { topic, aggregateId: partnerId };
    const ask = (more: object) =>
      redeliver({ producer: 'SUBSCRIPTIONS', consumer: 'PARTNERS', range: { ...range, ...more } });
    expect(await ask({})).toEqual(sent(5));
    expect(await ask({ fromSequence: 2, toSequence: 4 })).toEqual(sent(3));
    expect(await ask({ from: '2026-11-23T10:00:00Z', until: '2026-11-23T10:00:01Z' })).toEqual(sent(5));
    expect(await ask({ until: '2026-11-23T10:00:00Z' })).toEqual(refusal('RANGE_EMPTY', 'range'));
    await untilQuiet();
    expect(await commissions(partnerId)).toHaveLength(5);
  });

  it.each([
    ['INVALID_VALUE', ['eventIds'], {}],
    ['INVALID_VALUE', ['eventIds'], { eventIds: [] }],
    ['INVALID_VALUE', ['eventIds', '1'], { eventIds: [randomUUID(), 'not an id'] }],
    ['INVALID_VALUE', ['idempotencyKey'], { idempotencyKey: 'short', eventIds: [randomUUID()] }],
    ['TOO_MANY_EVENTS', ['eventIds'], { eventIds: Array.from({ length: 10_001 }, () => randomUUID()) }],
    ['EVENT_UNKNOWN', ['eventIds'], { eventIds: [randomUUID()] }],
    ['TOPIC_UNKNOWN', ['range', 'topic'], { range: { topic: 'orders.product' } }],
    [
      'EVENT_NOT_CONSUMED',
      ['consumer'],
      { consumer: 'LICENSES', range: { topic: 'partners.commission-earned' } },
    ],
  ])('is refused with %s at %s', async (code, field, input) => {
    expect(await redeliver({ producer: 'PARTNERS', ...input })).toEqual(refusal(code, ...field));
  });

  it('is asked for once for a key, also when the producer was down at first', async () => {
    const input = {
      idempotencyKey: randomUUID(),
      producer: 'LICENSES',
      range: { topic: 'licenses.deployment' },
    };
    await system.stopService('licenses');
    expect(await redeliver(input)).toEqual(refusal('PRODUCER_UNAVAILABLE', 'producer'));
    await system.startService('licenses');
    const answer = await redeliver(input);
    expect(answer).toMatchObject({ sentCount: expect.any(Number), userErrors: [] });
    expect(await redeliver(input)).toEqual(answer);
    expect(await redeliver({ ...input, consumer: 'ORDERS' })).toEqual(
      refusal('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey'),
    );
  });
});
