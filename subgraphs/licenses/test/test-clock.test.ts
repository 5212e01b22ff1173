import { expect, test } from 'vitest';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { productViewer } from '@fulfillment/test/kit/viewers';
import { licensesDefinition } from '../src/definition.js';
import { deliverSubscription, grantAccount, newSubscription, now } from './facts.js';

const service = await startServiceHarness(licensesDefinition, { clock: { now: async () => now } });

test('a sandbox account’s deployments live at its test clock, at once and without a statement more', async () => {
  const [sandbox, other] = [newSubscription(), newSubscription()];
  for (const subscription of [sandbox, other]) {
    await grantAccount(service, subscription.accountId);
    await deliverSubscription(service, subscription);
  }
  const { accountId } = sandbox;
  const advance = (instant: string, sequence: number) =>
    service.deliver(
      'subscriptions.test-clock',
      { accountId, now: instant },
      { aggregateId: accountId, sequence },
    );
  const ask = async ({ accountId, deployment }: typeof sandbox) => {
    const document = 'query ($id: ID!) { deployment(id: $id) { entitlements { planCode inGracePeriod } } }';
    const answer = await service.query(productViewer(accountId), document, { id: deployment.id });
    expect(answer.errors).toEqual([]);
    return { ...answer.data, statements: service.statements(answer.requestId).length };
  };
  const standing = (planCode: string, inGracePeriod: boolean) => ({
    deployment: { entitlements: { planCode, inGracePeriod } },
    statements: 2,
  });

  expect(await ask(sandbox)).toEqual(standing('PREMIUM', false));
  await advance('2027-01-10T00:00:00Z', 2);
  expect(await ask(sandbox)).toEqual(standing('PREMIUM', true));
  // What comes late or again does not turn it back.
  await advance('2026-12-01T00:00:00Z', 1);
  await advance('2027-01-10T00:00:00Z', 2);
  expect(await ask(sandbox)).toEqual(standing('PREMIUM', true));
  await advance('2027-02-01T00:00:00Z', 3);
  expect(await ask(sandbox)).toEqual(standing('FREE', false));
  expect(await ask(other)).toEqual(standing('PREMIUM', false));
});

test('what is done for a sandbox account is dated by its test clock', async () => {
  const subscription = newSubscription();
  const { accountId } = subscription;
  const instant = '2026-08-01T10:00:00.000Z';
  await service.deliver('subscriptions.test-clock', { accountId, now: instant }, { aggregateId: accountId });
  await deliverSubscription(service, subscription);
  const rows = await service.rows('SELECT issued_at FROM license WHERE subscription_id = $1', [
    subscription.id,
  ]);
  expect(rows).toEqual([{ issued_at: new Date(instant) }]);
});

test('what another process of the service took in is followed within about a second', async () => {
  const subscription = newSubscription();
  const { accountId, deployment } = subscription;
  await grantAccount(service, accountId);
  await deliverSubscription(service, subscription);
  await service.rows('INSERT INTO test_clock VALUES ($1, $2, 1, pg_current_xact_id()::text::bigint)', [
    accountId,
    '2027-01-10T00:00:00Z',
  ]);
  const document = 'query ($id: ID!) { deployment(id: $id) { entitlements { inGracePeriod } } }';
  const ask = async () =>
    (await service.query(productViewer(accountId), document, { id: deployment.id })).data;
  await expect.poll(ask).toEqual({ deployment: { entitlements: { inGracePeriod: true } } });
});
