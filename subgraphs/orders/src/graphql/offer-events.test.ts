import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { cacheTagsOf } from '@fulfillment/schema/events/cache-tags';
import { offerDismissalPayload, offerRulePayload } from '@fulfillment/schema/events/orders';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { describe, expect, test } from 'vitest';
import { entitlements, offeringOn } from '../../fixtures/offering.js';
import { agreedYear } from '../../fixtures/order-facts.js';
import { create, orderingOn } from '../../fixtures/ordering.js';
import { newNamespace, openAccount, registerPartner, tellSubscription } from '../../fixtures/parties.js';
import { startingOfferRules } from '../catalog/offer-rules.js';
import { ordersDefinition } from '../definition.js';

let now = new Date('2026-11-23T09:00:00.000Z');
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });
const { offers, call, ask } = offeringOn(orders);
const { place, tellStep } = orderingOn(orders);
const sales = internalViewer();

interface Dismissed {
  readonly dismissedUntil: string | null;
}
interface Recorded {
  readonly recordedCount: number | null;
}
interface Wanted {
  readonly times: number | null;
}
interface Saved {
  readonly rule: { readonly code: string; readonly version: number } | null;
}

/** A namespace of a new account with ten seats of Premium, nine of them in use, and a buyer of that account. */
async function customer() {
  const accountId = await openAccount(orders);
  const deployment = newNamespace();
  const { id: deploymentId, kind, externalId } = deployment;
  const payload = { id: deploymentId, kind, externalId, name: 'A deployment', accountId };
  await orders.deliver('licenses.deployment', payload, { aggregateId: deploymentId });
  const subscriptionId = await tellSubscription(orders, accountId, agreedYear(), { deployment });
  const refs = [entitlements(deploymentId, { seats: { purchased: 10, used: 9, maximum: 9 } })];
  const buyer = productViewer(accountId);
  const shown = async (placement = 'HOME', viewer: Viewer = buyer) =>
    (await offers(viewer, refs, { placement, limit: 10 })).lists[0] ?? [];
  const first = async (placement = 'HOME') => {
    const [offer] = await shown(placement);
    if (offer === undefined) throw new Error('Nothing is offered');
    return offer;
  };
  return { accountId, buyer, deploymentId, subscriptionId, shown, first };
}

const codes = (answer: { readonly userErrors: readonly { code: string; field: readonly string[] }[] }) =>
  answer.userErrors.map(({ code, field }) => `${code} ${field.join('.')}`);

describe('a dismissed offer', () => {
  test('stays away for 30 days at every placement, and its event ends kept answers', async () => {
    const { buyer, deploymentId, first, shown } = await customer();
    const { id: offerId } = await first('SEATS');
    const idempotencyKey = randomUUID();
    const answer = await call<Dismissed>(buyer, 'dismissOffer', 'dismissedUntil', {
      idempotencyKey,
      offerId,
    });
    expect(answer).toEqual({ dismissedUntil: '2026-12-23T09:00:00.000Z', userErrors: [] });
    expect(await call(buyer, 'dismissOffer', 'dismissedUntil', { idempotencyKey, offerId })).toEqual(answer);
    expect((await shown('HOME')).map(({ reason }) => reason)).toEqual(['NEXT_PLAN']);
    const told = (await orders.promised('orders.offer-dismissal')).map(({ payload }) =>
      offerDismissalPayload.parse(payload),
    );
    const own = told.filter((payload) => payload.deploymentId === deploymentId);
    expect(own).toMatchObject([{ ruleCode: 'SEATS_OVER_80', until: '2026-12-23T09:00:00.000Z' }]);
    expect(own.map((payload) => cacheTagsOf('orders.offer-dismissal', payload))).toEqual([
      [`deployment:${deploymentId}`],
    ]);
    const today = now;
    now = new Date('2026-12-23T08:59:59.999Z');
    expect((await shown()).map(({ reason }) => reason)).toEqual(['NEXT_PLAN']);
    now = new Date('2026-12-23T09:00:00.000Z');
    expect((await shown()).map(({ reason }) => reason)).toEqual(['SEATS_NEARLY_FULL', 'NEXT_PLAN']);
    now = today;
  });

  test('is nobody else’s to dismiss, and an id that was made up is none', async () => {
    const { first, shown } = await customer();
    const { id } = await first();
    const { buyer: stranger } = await customer();
    const forged = Buffer.from('["x","Y","z",null]').toString('base64url');
    for (const offerId of [id, forged, 'nonsense', '', 'A'.repeat(5_000), `${id}=`]) {
      const answer = await call<Dismissed>(stranger, 'dismissOffer', 'dismissedUntil', { offerId });
      expect([answer.dismissedUntil, ...codes(answer)]).toEqual([null, 'OFFER_NOT_FOUND offerId']);
    }
    expect(await shown()).toHaveLength(2);
  });
});

describe('what became of offers', () => {
  test('is recorded once, however often it is told, and is seen in the funnel', async () => {
    const placement = 'BILLING';
    const customers = [await customer(), await customer()];
    const before = await funnel({ placement, ruleCode: 'SEATS_OVER_80' });
    for (const { buyer, first } of customers) {
      const { id: offerId } = await first(placement);
      const events = [
        { eventId: 'shown-0001', offerId, kind: 'SHOWN' },
        { eventId: 'shown-0002', offerId, kind: 'SHOWN', occurredAt: '2026-11-22T09:00:00.000Z' },
        { eventId: 'click-0001', offerId, kind: 'CLICKED' },
      ];
      const idempotencyKey = randomUUID();
      const told = () =>
        call<Recorded>(buyer, 'recordOfferEvents', 'recordedCount', { idempotencyKey, events });
      expect(await told()).toEqual({ recordedCount: 3, userErrors: [] });
      expect(await told()).toEqual({ recordedCount: 3, userErrors: [] });
      const again = await call<Recorded>(buyer, 'recordOfferEvents', 'recordedCount', { events });
      expect(again.recordedCount).toBe(0);
    }
    const [bought, dismissed] = customers;
    const offer = await bought?.first(placement);
    const order = await place(bought?.buyer ?? sales, { ...offer?.order });
    expect(order.userErrors).toEqual([]);
    const { id: offerId } = (await dismissed?.first(placement)) ?? { id: '' };
    await call(dismissed?.buyer ?? sales, 'dismissOffer', 'dismissedUntil', { offerId });
    expect(before).toEqual([]);
    expect(await funnel({ placement, ruleCode: 'SEATS_OVER_80' })).toEqual([
      {
        placement,
        ruleCode: 'SEATS_OVER_80',
        shown: { events: 4, deployments: 2 },
        clicked: { events: 2, deployments: 2 },
        dismissed: { events: 1, deployments: 1 },
        bought: { events: 1, deployments: 1 },
      },
    ]);
    const yesterday = await funnel({ placement, from: '2026-11-22', until: '2026-11-23' });
    expect(yesterday).toMatchObject([{ shown: { events: 2 }, clicked: { events: 0 } }]);
    await tellStep(order.order?.id ?? '', 'SUBSCRIPTION_CHANGED', { refusal: 'It was renewed meanwhile.' });
    const refused = await funnel({ placement, ruleCode: 'SEATS_OVER_80' });
    expect(refused).toMatchObject([{ shown: { events: 4 }, bought: { events: 0, deployments: 0 } }]);
  });

  test('is all recorded or, when one event is wrong, nothing', async () => {
    const { buyer, first } = await customer();
    const { buyer: stranger } = await customer();
    const { id: offerId } = await first('USAGE');
    const good = { eventId: randomUUID(), offerId, kind: 'SHOWN' };
    const refused = async (viewer: Viewer, events: readonly object[]) =>
      codes(await call<Recorded>(viewer, 'recordOfferEvents', 'recordedCount', { events }));
    expect(await refused(stranger, [good])).toEqual(['OFFER_NOT_FOUND events.0.offerId']);
    expect(await refused(buyer, [good, { ...good, offerId: 'nonsense' }])).toEqual([
      'OFFER_NOT_FOUND events.1.offerId',
    ]);
    expect(
      await refused(buyer, [
        { ...good, eventId: 'short' },
        { ...good, occurredAt: '2026-11-16T08:59:59.999Z' },
        { ...good, occurredAt: '2026-11-23T09:00:00.001Z' },
      ]),
    ).toEqual([
      'INVALID_VALUE events.0.eventId',
      'INVALID_VALUE events.1.occurredAt',
      'INVALID_VALUE events.2.occurredAt',
    ]);
    expect(await refused(buyer, [])).toEqual(['INVALID_VALUE events']);
    expect(
      await refused(
        buyer,
        Array.from({ length: 501 }, () => good),
      ),
    ).toEqual(['INVALID_VALUE events']);
    expect(await funnel({ placement: 'USAGE' })).toEqual([]);
  });

  test('an order is recorded for an offer of what it orders, and for no other', async () => {
    const { buyer, first, subscriptionId } = await customer();
    const other = await customer();
    const actions = [{ changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 11 } }];
    const { id: foreign } = await other.first();
    expect(codes(await place(buyer, { actions, offerId: foreign }))).toEqual(['OFFER_NOT_FOUND offerId']);
    const { id: own } = await first();
    expect(codes(await place(buyer, { actions: [create()], offerId: own }))).toEqual([
      'OFFER_NOT_FOUND offerId',
    ]);
    const { order } = await place(buyer, { actions, offerId: own });
    const rows = await orders.rows('SELECT kind, order_id FROM offer_event WHERE order_id = $1', [order?.id]);
    expect(rows).toEqual([{ kind: 'BOUGHT', order_id: order?.id }]);
  });
});

describe('a locked feature that somebody wants', () => {
  test('is offered from then on', async () => {
    const { buyer, deploymentId, shown } = await customer();
    const input = { deploymentId, featureKey: 'sast', kind: 'CLICKED' };
    expect(await shown('FEATURE')).toMatchObject([{ reason: 'NEXT_PLAN' }]);
    expect(await call<Wanted>(buyer, 'recordFeatureInterest', 'times', input)).toEqual({
      times: 1,
      userErrors: [],
    });
    const again = { ...input, kind: 'TRIED' };
    expect((await call<Wanted>(buyer, 'recordFeatureInterest', 'times', again)).times).toBe(2);
    expect(await shown('FEATURE')).toMatchObject([
      { reason: 'FEATURE_WANTED', feature: { key: 'sast' }, product: { code: 'ULTIMATE' }, action: 'ORDER' },
      { reason: 'NEXT_PLAN' },
    ]);
    const told = await orders.promised('orders.feature-interest');
    expect(told.at(-1)).toMatchObject({
      sequence: 2,
      payload: { deploymentId, featureKey: 'sast', times: 2 },
    });
  });

  test('is wanted at a deployment of one’s own, and exists', async () => {
    const { buyer } = await customer();
    const { deploymentId } = await customer();
    const input = { deploymentId, featureKey: 'no_such_feature', kind: 'CLICKED' };
    expect(codes(await call<Wanted>(buyer, 'recordFeatureInterest', 'times', input))).toEqual([
      'DEPLOYMENT_NOT_FOUND deploymentId',
      'FEATURE_UNKNOWN featureKey',
    ]);
    const malformed = { ...input, deploymentId: 'x', featureKey: 'sast' };
    expect(codes(await call<Wanted>(buyer, 'recordFeatureInterest', 'times', malformed))).toEqual([
      'DEPLOYMENT_NOT_FOUND deploymentId',
    ]);
  });
});

const rule = {
  code: 'SEATS_OVER_50',
  condition: { kind: 'SEATS_USED', percent: 50 },
  step: 'ADD_SEATS',
  placements: ['ADMIN_AREA'],
  priority: 10,
};

describe('the rules', () => {
  test('are those of the installation, and are changed by our own people while everything runs', async () => {
    const read = '{ offerRules { code reason condition { kind percent } step placements priority version } }';
    const { offerRules } = await ask<{ offerRules: { code: string }[] }>(sales, read, {});
    expect(offerRules.map(({ code }) => code)).toEqual(startingOfferRules.map(({ code }) => code).toSorted());
    const { shown } = await customer();
    expect(await shown('ADMIN_AREA')).toEqual([]);
    const saved = await call<Saved>(sales, 'saveOfferRule', 'rule { code version }', {
      ...rule,
      expectedVersion: 0,
    });
    expect(saved).toEqual({ rule: { code: 'SEATS_OVER_50', version: 1 }, userErrors: [] });
    expect(await shown('ADMIN_AREA')).toMatchObject([{ reason: 'SEATS_NEARLY_FULL', quantity: 18 }]);
    const ended = { ...rule, activeFrom: '2026-11-01T00:00:00Z', activeUntil: '2026-11-23T09:00:00Z' };
    const changed = await call<Saved>(sales, 'saveOfferRule', 'rule { code version }', {
      ...ended,
      expectedVersion: 1,
    });
    expect(changed.rule?.version).toBe(2);
    expect(await shown('ADMIN_AREA')).toEqual([]);
    const told = (await orders.promised('orders.offer-rule')).at(-1);
    expect(told).toMatchObject({ aggregateId: 'SEATS_OVER_50', sequence: 2 });
    expect(cacheTagsOf('orders.offer-rule', offerRulePayload.parse(told?.payload))).toEqual(['offer-rules']);
  });

  test.each([
    [{ code: 'seats' }, ['INVALID_VALUE code']],
    [{ condition: { kind: 'SEATS_USED' } }, ['INVALID_VALUE condition.percent']],
    [{ condition: { kind: 'SEATS_USED', percent: 101 } }, ['INVALID_VALUE condition.percent']],
    [{ condition: { kind: 'SEATS_USED', percent: 80, times: 3 } }, ['INVALID_VALUE condition.times']],
    [{ step: 'CONVERT_TRIAL' }, ['STEP_INVALID step']],
    [{ placements: [] }, ['INVALID_VALUE placements']],
    [{ placements: ['home'] }, ['INVALID_VALUE placements']],
    [{ priority: -1 }, ['INVALID_VALUE priority']],
    [
      { activeFrom: '2026-11-23T00:00:00Z', activeUntil: '2026-11-23T00:00:00Z' },
      ['INVALID_VALUE activeUntil'],
    ],
    [{ code: 'NEXT_PLAN', expectedVersion: 0 }, ['RULE_CHANGED expectedVersion']],
  ])('%j is refused', async (wrong, expected) => {
    const answer = await call<Saved>(sales, 'saveOfferRule', 'rule { code version }', { ...rule, ...wrong });
    expect([answer.rule, codes(answer)]).toEqual([null, expected]);
  });

  test('and the funnel are for our own people with the scope alone', async () => {
    const documents = [
      '{ offerRules { code } }',
      '{ offerFunnel(filter: { from: "2026-11-01", until: "2026-12-01" }) { ruleCode } }',
    ];
    const { buyer } = await customer();
    const partner = partnerViewer((await registerPartner(orders)).id, { scopes: ['offers:read'] });
    for (const viewer of [buyer, partner, internalViewer({ scopes: ['orders:read'] })]) {
      for (const document of documents) {
        const { errors } = await orders.query(viewer, document);
        expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
      }
    }
  });

  test('a funnel of no days, or of too many, is refused', async () => {
    for (const until of ['2026-11-01', '2027-11-03']) {
      const document = `{ offerFunnel(filter: { from: "2026-11-01", until: "${until}" }) { ruleCode } }`;
      expect((await orders.query(sales, document)).errors[0]?.extensions.code).toBe('ARGUMENT_INVALID');
    }
  });
});

async function funnel(filter: Readonly<Record<string, string>>): Promise<unknown> {
  const step = '{ events deployments }';
  const data = await ask<{ offerFunnel: unknown }>(
    sales,
    `query ($filter: OfferFunnelFilter!) { offerFunnel(filter: $filter) {
       placement ruleCode shown ${step} clicked ${step} dismissed ${step} bought ${step} } }`,
    { filter: { from: '2026-11-01', until: '2026-12-01', ...filter } },
  );
  return data.offerFunnel;
}
