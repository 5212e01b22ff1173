import { randomUUID } from 'node:crypto';
import { addDays, addMonths, localDate } from '@fulfillment/kernel/domain/calendar';
import type { InternalViewer } from '@fulfillment/kernel/domain/viewer';
import { takeIn } from '@fulfillment/kernel/server/messaging/inbox';
import { writingTransaction } from '@fulfillment/kernel/server/last-writes';
import { createEventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { licensesDefinition } from '../src/definition.js';
import { monthStart, utcStart } from '../src/domain/allowance/ledger.js';
import { computeEntitlements, type EntitlementFacts } from '../src/domain/entitlements/compute.js';
import type { AllowanceReading } from '../src/domain/usage.js';
import { projectProduct, projectSubscription } from '../src/service/projection.js';
import { reportAllowance } from '../src/service/use-allowance.js';
import { addOnItem, newSubscription, planItem } from './facts.js';

const at = new Date('2026-06-15T12:00:00Z');
const { url } = await cloneDatabase(licensesDefinition);
const { transaction, dataSource } = await openUnitOfWork(licensesDefinition, url, { now: async () => at });
const viewer: InternalViewer = { audience: 'internal', subject: 'test', scopes: new Set() };

type ValueOf<Of> = Of extends fc.Arbitrary<infer Value> ? Value : never;

/** A step of a history: an event of another service, or a reading of a meter. */
type Step =
  | { readonly kind: 'EVENT'; readonly event: EventEnvelope }
  | { readonly kind: 'REPORT'; readonly source: string; readonly measuredAt: Date; readonly used: number };

const quota = 100;
const products = ['FREE', 'PREMIUM', 'PACK'].map((code) => ({
  code,
  name: code,
  kind: code === 'PACK' ? ('ADD_ON' as const) : ('PLAN' as const),
  rank: null,
  features: [
    // The same quota on every plan: what a meter counted in a month of which it is not known who asked has one meaning.
    {
      key: 'compute',
      name: 'Compute',
      kind: 'METERED_ALLOWANCE' as const,
      quantity: code === 'PACK' ? 50 : quota,
    },
    ...(code === 'PREMIUM' ? [{ key: 'epics', name: 'Epics', kind: 'ON_OFF' as const, quantity: null }] : []),
  ],
}));

function envelope(
  topic: EventEnvelope['topic'],
  aggregateId: string,
  sequence: number,
  payload: unknown,
): EventEnvelope {
  const occurredAt = new Date(Date.UTC(2026, 0, sequence)).toISOString();
  const id = randomUUID();
  return { id, topic, kind: 'SNAPSHOT', aggregateId, sequence, occurredAt, requestId: 'test', payload };
}

/** Versions of one subscription: another term, more seats, packs, a suspension. */
const anyVersion = fc.record({
  begins: fc.integer({ min: -300, max: 30 }),
  length: fc.integer({ min: 1, max: 400 }),
  seats: fc.integer({ min: 1, max: 50 }),
  packs: fc.nat(3),
  suspended: fc.boolean(),
});

function versionsOf(choices: readonly ValueOf<typeof anyVersion>[], base: BillingSubscriptionPayload) {
  let packs = 0;
  return choices.map((choice, index) => {
    const startDate = addDays(localDate('2026-06-15'), choice.begins);
    packs = Math.max(packs, choice.packs);
    const boughtOnce = packs === 0 ? [] : [{ productCode: 'PACK', quantity: packs, on: '2026-04-01' }];
    const items = [
      planItem('PREMIUM', choice.seats),
      ...(choice.packs > 0 ? [addOnItem('PACK', choice.packs, 'ONE_TIME')] : []),
    ];
    const agreement = {
      ...base.agreement,
      items,
      term: { startDate, endDate: addDays(startDate, choice.length), months: 12 },
      suspendedOn: choice.suspended ? addDays(startDate, 5) : null,
    };
    const payload: BillingSubscriptionPayload = { ...base, agreement, boughtOnce };
    return envelope('subscriptions.billing-subscription', base.id, index + 1, payload);
  });
}

/** What a meter counted: by month never less than before. */
const anyReadings = fc.array(
  fc.record({
    source: fc.constantFrom('a', 'b'),
    month: fc.nat(2),
    day: fc.integer({ min: 0, max: 13 }),
    more: fc.nat(60),
  }),
  { maxLength: 8 },
);

function reportsOf(choices: ValueOf<typeof anyReadings>): Step[] {
  const totals = new Map<string, number>();
  return choices
    .toSorted((one, other) => one.month - other.month || one.day - other.day)
    .map(({ source, month, day, more }, index) => {
      const key = `${source} ${month}`;
      const used = (totals.get(key) ?? 0) + more;
      totals.set(key, used);
      const start = utcStart(addMonths(localDate('2026-04-01'), month)).getTime();
      return { kind: 'REPORT', source, measuredAt: new Date(start + day * 86_400_000 + index), used };
    });
}

/** What everything comes to when it is looked at from scratch: the newest of each, and all readings. */
function fromScratch(
  events: readonly EventEnvelope[],
  steps: readonly Step[],
  deploymentId: string,
): EntitlementFacts {
  const newest = events.at(-1);
  const snapshot = newest && { version: newest.sequence, recordedAt: new Date(newest.occurredAt) };
  const readings = new Map<string, AllowanceReading>();
  for (const step of steps) {
    if (step.kind !== 'REPORT') continue;
    const month = monthStart(step.measuredAt);
    const { source, measuredAt, used: total } = step;
    const reading = { featureKey: 'compute', source, month, from: utcStart(month), measuredAt, total, quota };
    const known = readings.get(`${source} ${month}`);
    if (known === undefined || known.total <= total) readings.set(`${source} ${month}`, reading);
  }
  return {
    subscriptions:
      newest && snapshot
        ? [projectSubscription(newest.payload as BillingSubscriptionPayload, deploymentId, snapshot)]
        : [],
    products: new Map(
      products.map((product) => [
        product.code,
        projectProduct(product, { version: 1, recordedAt: new Date('2026-01-01T00:00:00Z') }),
      ]),
    ),
    grants: [],
    usage: { seats: null, features: [], allowances: [...readings.values()] },
  };
}

/** As the inbox does it, in one transaction. */
async function take(event: EventEnvelope): Promise<void> {
  await writingTransaction(dataSource, async (manager, lastWrites) => {
    const unit = licensesDefinition.createUnitOfWork({
      manager,
      events: createEventAppender({ manager, lastWrites }, 'test'),
      clock: { now: async () => at },
      testClocks: { find: async () => null, set: async () => undefined },
      lastWrites,
    });
    await takeIn(manager, licensesDefinition.handlers, unit, event);
  });
}

test('entitlements worked out from scratch are those kept up to date by events, in any order and however often', async () => {
  for (const product of products) await take(envelope('orders.product', product.code, 1, product));
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyVersion, { minLength: 1, maxLength: 4 }),
      anyReadings,
      fc.infiniteStream(fc.nat()),
      async (versions, readings, random) => {
        const base = newSubscription();
        const { deployment } = base;
        const events = versionsOf(versions, base);
        // The deployment is there from the first: nobody reports for what nobody knows.
        const [first = envelope('orders.product', 'none', 1, {}), ...others] = events;
        await take(first);
        const steps: Step[] = [
          ...others.map((event) => ({ kind: 'EVENT' as const, event })),
          ...reportsOf(readings),
        ];
        const repeated = [...steps, ...steps, { kind: 'EVENT' as const, event: first }];
        const shuffled = repeated
          .map((step) => ({ step, place: random.next().value as number }))
          .toSorted((one, other) => one.place - other.place);
        for (const { step } of shuffled) {
          if (step.kind === 'EVENT') await take(step.event);
          else {
            const { kind: _, ...report } = step;
            const outcome = await reportAllowance(
              transaction,
              { viewer, receivedAt: at },
              {
                ...report,
                idempotencyKey: randomUUID(),
                deployment,
                featureKey: 'compute',
              },
            );
            expect(outcome).toMatchObject({ ok: true });
          }
        }
        const [kept] = await transaction((unit) =>
          unit.readerFor(viewer, at).deploymentFacts([deployment.id]),
        );
        if (kept === undefined) throw new Error('The deployment is gone');
        const expected = computeEntitlements(fromScratch(events, steps, deployment.id), at);
        expect(computeEntitlements(kept.facts, at)).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
});
