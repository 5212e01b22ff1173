import { beforeAll, expect, test } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { licensesDefinition } from '../src/definition.js';
import { reissueDue } from '../src/service/issue-licenses.js';
import { changed, deliverProducts, deliverSubscription, newDeployment, newSubscription } from './facts.js';

const clock = { at: new Date('2026-06-15T12:00:00Z') };
const options = { clock: { now: async () => clock.at }, periodic: false };
const service = await startServiceHarness(licensesDefinition, options);
const { transaction } = await openUnitOfWork(licensesDefinition, service.databaseUrl, options.clock);
beforeAll(() => deliverProducts(service));

const threeYears = { startDate: '2026-02-28', endDate: '2029-02-28', months: 36 };

async function licensesOf(subscriptionId: string) {
  const rows = await service.rows<{
    starts: string;
    ends: string;
    issued_at: Date;
    cause: string;
    replaced: boolean;
  }>(
    `SELECT starts_on::text AS starts, ends_on::text AS ends, issued_at, cause, replaced_by_id IS NOT NULL AS replaced
     FROM license WHERE subscription_id = $1 ORDER BY subscription_version, starts_on`,
    [subscriptionId],
  );
  return rows.map(({ starts, ends, issued_at: at, cause, replaced }) => ({
    term: `${starts} ${ends}`,
    cause,
    at: at.toISOString(),
    replaced,
  }));
}

const reissue = () => transaction((unit) => reissueDue(unit, clock.at));

test.each(['DEDICATED_TENANT', 'SELF_MANAGED_INSTANCE', 'SAAS_NAMESPACE'] as const)(
  'a deal of three years for a %s has a license for each year, the next one before the present one ends',
  async (kind) => {
    clock.at = new Date('2026-06-15T12:00:00Z');
    const deployment = newDeployment('Three years', kind);
    const subscription = newSubscription({ term: threeYears }, { deployment });
    await deliverSubscription(service, subscription);
    for (const instant of [
      '2027-01-23T23:59:59.999Z',
      '2027-01-24T00:00:00Z',
      '2028-01-24T00:00:00Z',
      '2029-02-01T00:00:00Z',
    ]) {
      clock.at = new Date(instant);
      await reissue();
      await reissue();
    }
    expect(await licensesOf(subscription.id)).toEqual([
      {
        term: '2026-02-28 2027-02-28',
        cause: 'SUBSCRIPTION_CREATED',
        at: '2026-06-15T12:00:00.000Z',
        replaced: false,
      },
      {
        term: '2027-02-28 2028-02-28',
        cause: 'YEARLY_REISSUE',
        at: '2027-01-24T00:00:00.000Z',
        replaced: false,
      },
      {
        term: '2028-02-28 2029-02-28',
        cause: 'YEARLY_REISSUE',
        at: '2028-01-24T00:00:00.000Z',
        replaced: false,
      },
    ]);
    const told = (await service.promised('licenses.license')).map(({ payload }) => payload);
    expect(
      told.filter((payload) => (payload as { subscriptionId: string }).subscriptionId === subscription.id),
    ).toHaveLength(3);
  },
);

test('of several processes that do it at the same moment each license is issued by one', async () => {
  clock.at = new Date('2026-06-15T12:00:00Z');
  const subscriptions = Array.from({ length: 20 }, () => newSubscription({ term: threeYears }));
  for (const subscription of subscriptions) await deliverSubscription(service, subscription);
  clock.at = new Date('2027-02-01T00:00:00Z');
  const counts = await Promise.all([reissue(), reissue(), reissue(), reissue()]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(20);
  for (const { id } of subscriptions) expect(await licensesOf(id)).toHaveLength(2);
});

test('a change within the second year is licensed for that year, and replaces what was issued of the former version', async () => {
  clock.at = new Date('2026-06-15T12:00:00Z');
  const subscription = newSubscription({ term: threeYears });
  await deliverSubscription(service, subscription);
  clock.at = new Date('2027-02-10T00:00:00Z');
  await reissue();
  const [plan] = subscription.agreement.items;
  await deliverSubscription(
    service,
    changed(subscription, { items: plan ? [{ ...plan, quantity: 30 }] : [] }),
    2,
  );
  expect(
    (await licensesOf(subscription.id)).map(({ term, cause, replaced }) => [term, cause, replaced]),
  ).toEqual([
    ['2026-02-28 2027-02-28', 'SUBSCRIPTION_CREATED', true],
    ['2027-02-28 2028-02-28', 'YEARLY_REISSUE', true],
    ['2026-02-28 2027-02-28', 'SUBSCRIPTION_CHANGED', false],
    ['2027-02-28 2028-02-28', 'YEARLY_REISSUE', false],
  ]);
  clock.at = new Date('2028-02-10T00:00:00Z');
  await reissue();
  expect((await licensesOf(subscription.id)).at(-1)?.term).toBe('2028-02-28 2029-02-28');
});

test('on a test clock that jumps over years, each license is issued at the instant at which it was due', async () => {
  clock.at = new Date('2026-06-15T12:00:00Z');
  const subscription = newSubscription({ term: threeYears });
  const { accountId } = subscription;
  const advance = (instant: string, sequence: number) =>
    service.deliver(
      'subscriptions.test-clock',
      { accountId, now: instant },
      { aggregateId: accountId, sequence },
    );
  await advance('2026-02-28T00:00:00Z', 1);
  await deliverSubscription(service, subscription);
  // The system's time does not move a sandbox account.
  clock.at = new Date('2028-06-01T00:00:00Z');
  await reissue();
  expect(await licensesOf(subscription.id)).toHaveLength(1);
  await advance('2029-01-01T00:00:00Z', 2);
  expect((await licensesOf(subscription.id)).map(({ at }) => at)).toEqual([
    '2026-02-28T00:00:00.000Z',
    '2027-01-24T00:00:00.000Z',
    '2028-01-24T00:00:00.000Z',
  ]);
});
