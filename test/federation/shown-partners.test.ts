import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { partnersDefinition } from '@fulfillment/partners/definition';
import { type NewPartner, registerPartner } from '@fulfillment/partners/service/register-partner';
import type { PartnerPayload } from '@fulfillment/schema/events/partners';
import { subscriptionsDefinition } from '@fulfillment/subscriptions/definition';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { exampleAccount, exampleOrder } from '../../subgraphs/subscriptions/test/example-order.js';
import { startServiceHarness } from '../kit/service-harness.js';
import { openUnitOfWork } from '../kit/unit-of-work.js';
import { internalViewer, partnerViewer, productViewer } from '../kit/viewers.js';

const partners = await startServiceHarness(partnersDefinition);
const subscriptions = await startServiceHarness(subscriptionsDefinition, { periodic: false });
const { transaction } = await openUnitOfWork(partnersDefinition, partners.databaseUrl);

/** Two distributors, three that buy from one of them or the other, and one that buys from us. */
const tiers = {
  north: null,
  south: null,
  alder: 'north',
  birch: 'north',
  cedar: 'south',
  dune: null,
} as const;
type Name = keyof typeof tiers;
const names = Object.keys(tiers) as Name[];
const idOf = (name: Name) => derivedId('test-partner', name);
const customer = exampleAccount('Customer');
const orders = names.map((name) =>
  exampleOrder({ name: `by-${name}`, soldTo: customer, partnerId: idOf(name), effectiveDate: '2026-03-05' }),
);
const subscriptionIds = orders.map(({ actions }) => actions[0]?.subscriptionId ?? '');
const deploymentIds = orders.map(({ actions }) => actions[0]?.deployment?.id ?? '');

beforeAll(async () => {
  for (const name of names) {
    const distributor = tiers[name];
    const isDistributor = name === 'north' || name === 'south';
    const partner = {
      id: idOf(name),
      name: `${name} Ltd`,
      contactEmail: `sales@${name}.example`,
      accountId: derivedId('test-partner-account', name),
      timeZone: 'UTC',
      registeredAt: new Date('2025-01-01T00:00:00Z'),
      agreements: [],
      kind: isDistributor ? 'DISTRIBUTOR' : 'RESELLER',
      distributorId: distributor === null ? null : idOf(distributor),
    } as NewPartner;
    const registered = await transaction((work) => registerPartner(work, partner));
    if (!registered.ok) throw new Error(registered.error);
  }
  for (const { aggregateId, payload } of await partners.promised('partners.partner')) {
    await subscriptions.deliver('partners.partner', payload as PartnerPayload, { aggregateId });
  }
  await subscriptions.deliver('orders.account', customer, { aggregateId: customer.id });
  for (const order of orders) await subscriptions.deliver('orders.order', order, { aggregateId: order.id });
});

const stranger = derivedId('test-account', 'stranger');
const anyPartner = fc.constantFrom(...names.map(idOf));
/** Accounts, partners, and either's id where the other's belongs. */
const anyId = fc.oneof(anyPartner, fc.constantFrom(customer.id, stranger));
const anyViewer: fc.Arbitrary<Viewer> = fc.oneof(
  anyId.map((id) => productViewer(id)),
  fc
    .tuple(anyId, fc.constantFrom(...deploymentIds))
    .map(([id, deploymentId]) => productViewer(id, { deploymentId })),
  anyId.map((id) => partnerViewer(id)),
  fc.constant(internalViewer()),
);

interface Grant {
  readonly subjectKind: 'ACCOUNT' | 'PARTNER';
  readonly subjectId: string;
  readonly objectKind: 'PARTNER' | 'ACCOUNT' | 'ACCOUNT_PROFILE';
  readonly objectId: string;
  readonly span: 'PAST' | 'PRESENT' | 'ENDLESS' | 'COMING';
}

const spans = {
  PAST: ['2020-01-01', '2026-01-01'],
  PRESENT: ['2020-01-01', '2100-01-01'],
  ENDLESS: ['2020-01-01', null],
  COMING: ['2099-01-01', null],
} as const;

/** Most of them to the viewer on a partner; some to others, or on something else that has the id of a partner. */
const grantsTo = (viewer: Viewer) =>
  fc.array(
    fc.record<Grant>({
      subjectKind: fc.constantFrom('ACCOUNT', 'PARTNER'),
      subjectId: fc.oneof(
        { weight: 3, arbitrary: fc.constant(subjectOf(viewer)) },
        { weight: 1, arbitrary: anyId },
      ),
      objectKind: fc.constantFrom('PARTNER', 'PARTNER', 'ACCOUNT', 'ACCOUNT_PROFILE'),
      objectId: anyPartner,
      span: fc.constantFrom('PAST', 'PRESENT', 'ENDLESS', 'COMING'),
    }),
    { maxLength: 8 },
  );

function subjectOf(viewer: Viewer): string {
  if (viewer.audience === 'internal') return stranger;
  return viewer.audience === 'product' ? viewer.accountId : viewer.partnerId;
}

/** True for another deployment than the one that the viewer is. */
function isElsewhere(viewer: Viewer, deploymentId: string | undefined): boolean {
  return (
    viewer.audience === 'product' && viewer.deploymentId !== null && viewer.deploymentId !== deploymentId
  );
}

/** The grants of a service are these, and no others. */
async function grantIn(service: typeof partners, grants: readonly Grant[]): Promise<void> {
  await service.rows('DELETE FROM viewer_grant');
  for (const { subjectKind, subjectId, objectKind, objectId, span } of grants) {
    await service.rows('INSERT INTO viewer_grant VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6)', [
      subjectKind,
      subjectId,
      objectKind,
      objectId,
      ...spans[span],
    ]);
  }
}

/** Shows every subscription to the viewer (of one deployment: its own), so that who sells it is all that may be hidden. */
async function showSubscriptions(viewer: Viewer): Promise<void> {
  await subscriptions.rows(
    `INSERT INTO viewer_grant
     SELECT gen_random_uuid(), kind, $1::uuid, 'SUBSCRIPTION', id, '2020-01-01', NULL
     FROM billing_subscription, unnest(ARRAY['ACCOUNT', 'PARTNER']) AS kind`,
    [subjectOf(viewer)],
  );
}

async function entities<Fields>(
  service: typeof partners,
  viewer: Viewer,
  type: string,
  ids: readonly string[],
  fields: string,
) {
  const answer = await service.query<{ _entities: (Fields | null)[] }>(
    viewer,
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${fields} } } }`,
    { of: ids.map((id) => ({ __typename: type, id })) },
  );
  expect(answer.errors).toEqual([]);
  return { found: answer.data?._entities ?? [], statements: service.statements(answer.requestId) };
}

test('subscriptions shows who sells to exactly those to whom partners would, and the same of them', async () => {
  const seen = { all: 0, none: 0, some: 0 };
  await fc.assert(
    fc.asyncProperty(
      anyViewer.chain((viewer) => fc.record({ viewer: fc.constant(viewer), grants: grantsTo(viewer) })),
      async ({ viewer, grants }) => {
        await grantIn(partners, grants);
        await grantIn(subscriptions, grants);
        await showSubscriptions(viewer);
        const fields = 'id name kind contactEmail';
        const own = await entities(partners, viewer, 'Partner', names.map(idOf), fields);
        const shown = await entities<{ partnerOfRecord: object | null }>(
          subscriptions,
          viewer,
          'BillingSubscription',
          subscriptionIds,
          `partnerOfRecord { ${fields} }`,
        );
        expect(
          shown.found.map((subscription) => (subscription ? subscription.partnerOfRecord : 'UNSEEN')),
        ).toEqual(
          own.found.map((partner, index) => (isElsewhere(viewer, deploymentIds[index]) ? 'UNSEEN' : partner)),
        );
        expect(shown.statements).toHaveLength(1);
        const hidden = own.found.filter((partner) => partner === null).length;
        seen[hidden === 0 ? 'all' : hidden === names.length ? 'none' : 'some'] += 1;
      },
    ),
    { numRuns: 200 },
  );
  // What is compared is of every kind.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
});
