import { derivedId } from '@fulfillment/kernel/domain/ids';
import { createServiceClock } from '@fulfillment/kernel/server/clock';
import { takeIn } from '@fulfillment/kernel/server/messaging/inbox';
import { createEventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import type { ServiceDefinition } from '@fulfillment/kernel/server/service-definition';
import { serviceDataSource } from '@fulfillment/kernel/server/service-tables';
import { ordersDefinition } from '@fulfillment/orders/definition';
import { partnersDefinition } from '@fulfillment/partners/definition';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { cloneDatabase } from '../kit/postgres.js';

/** A service's database, and its own handlers behind the inbox. */
async function openInbox<Work, Context extends object>(definition: ServiceDefinition<Work, Context>) {
  const { url } = await cloneDatabase(definition);
  const dataSource = await serviceDataSource(definition, url).initialize();
  afterAll(() => dataSource.destroy());
  const clock = createServiceClock(dataSource);
  return {
    dataSource,
    deliver: (delivered: EventEnvelope) =>
      clock.transaction((scope) => {
        const events = createEventAppender(scope, 'test');
        const work = definition.createUnitOfWork({ ...scope, events });
        return takeIn(scope.manager, definition.handlers, work, delivered);
      }),
  };
}

const orders = await openInbox(ordersDefinition);
const partners = await openInbox(partnersDefinition);
const partnerIds = [1, 2, 3].map((number) => derivedId('test-partner', number));
const accountId = derivedId('test-account');

function event(
  topic: string,
  kind: EventEnvelope['kind'],
  aggregateId: string,
  sequence: number,
  payload: unknown,
): EventEnvelope {
  return {
    id: derivedId('test-event', topic, aggregateId, sequence),
    topic,
    kind,
    aggregateId,
    sequence,
    occurredAt: '2026-11-23T10:00:00.000Z',
    requestId: 'test',
    payload,
  };
}

/** The versions of a few partners, each told under another name. */
const snapshots = (versions: number): EventEnvelope[] =>
  partnerIds.flatMap((id) =>
    Array.from({ length: versions }, (_, index) =>
      event('partners.partner', 'SNAPSHOT', id, index + 1, {
        id,
        name: `Version ${index + 1}`,
        kind: 'RESELLER',
        accountId,
        distributorId: null,
        contactEmail: 'orders@reseller.example',
      }),
    ),
  );

/** The invoices posted for a few partners. */
const facts = (count: number): EventEnvelope[] =>
  partnerIds.flatMap((partnerId) =>
    Array.from({ length: count }, (_, index) =>
      event('subscriptions.partner-invoice-posted', 'FACT', partnerId, index + 1, {
        partnerId,
        invoiceId: derivedId('test-invoice', partnerId, index),
        invoiceNumber: `TEST-${index}`,
        orderId: null,
        net: { minor: String(100 * (index + 1)), currency: 'USD' },
        postedAt: '2026-11-23T10:00:00.000Z',
      }),
    ),
  );

/** All events at least once, in any order, and some again. */
const inAnyOrder = (told: (count: number) => EventEnvelope[]) =>
  fc.integer({ min: 1, max: 5 }).chain((count) => {
    const events = told(count);
    return fc.record({
      count: fc.constant(count),
      deliveries: fc
        .tuple(
          fc.shuffledSubarray(events, { minLength: events.length }),
          fc.array(fc.constantFrom(...events), { maxLength: 10 }),
          fc.infiniteStream(fc.nat()),
        )
        .map(([all, again, places]) =>
          again.reduce(
            (list, one) => list.toSpliced((places.next().value ?? 0) % (list.length + 1), 0, one),
            all,
          ),
        ),
    });
  });

it('snapshots with duplicates, in any order, leave the newest of each aggregate', async () => {
  await fc.assert(
    fc.asyncProperty(inAnyOrder(snapshots), async ({ count, deliveries }) => {
      await orders.dataSource.query('TRUNCATE inbox, inbox_position, known_partner');
      for (const delivered of deliveries) await orders.deliver(delivered);
      const kept = await orders.dataSource.query('SELECT id, name FROM known_partner ORDER BY id');
      expect(kept).toEqual(partnerIds.toSorted().map((id) => ({ id, name: `Version ${count}` })));
    }),
    { numRuns: 40 },
  );
});

it('numbered facts with duplicates, in any order and at the same moment, count once each', async () => {
  await addPartners();
  await fc.assert(
    fc.asyncProperty(inAnyOrder(facts), async ({ count, deliveries }) => {
      await partners.dataSource.query('TRUNCATE inbox, inbox_position, inbox_held, commission');
      await Promise.all(deliveries.map((delivered) => partners.deliver(delivered)));
      const [sum] = await partners.dataSource.query(
        'SELECT count(*)::int AS count, sum(base_minor)::int AS base FROM commission',
      );
      const expected = { count: 3 * count, base: (3 * 100 * count * (count + 1)) / 2 };
      expect(sum).toEqual(expected);
      expect(await partners.dataSource.query('SELECT FROM inbox_held')).toHaveLength(0);
    }),
    { numRuns: 40 },
  );
});

/** Three partners with an agreement in force. */
async function addPartners(): Promise<void> {
  for (const id of partnerIds) {
    await partners.dataSource.query(
      `INSERT INTO partner (id, version, kind, name, contact_email, account_id, time_zone, registered_at)
       VALUES ($1, 1, 'RESELLER', 'Partner', 'sales@partner.example', $2, 'UTC', '2026-01-01')`,
      [id, derivedId('test-account', id)],
    );
    await partners.dataSource.query(
      `INSERT INTO partner_agreement (id, partner_id, start_date, end_date, commission_rate_percent)
       VALUES ($1, $2, '2026-01-01', '2027-01-01', 10)`,
      [derivedId('test-agreement', id), id],
    );
  }
}
