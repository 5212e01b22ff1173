import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import type { BillingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import { beforeAll, expect, test } from 'vitest';
import { licensesDefinition } from '../src/definition.js';
import {
  deliverProducts,
  deliverSubscription,
  grantAccount,
  newDeployment,
  newSubscription,
  ordered,
} from './facts.js';

let now = new Date('2026-03-01T12:00:00Z');
const service = await startServiceHarness(licensesDefinition, {
  clock: { now: async () => now },
  periodic: false,
});
beforeAll(() => deliverProducts(service));

const company = internalViewer({
  scopes: ['entitlements:read', 'seats:write', 'licenses:read', 'instances:read'],
});
const customer = (accountId: string) =>
  productViewer(accountId, { scopes: ['entitlements:read', 'licenses:read', 'instances:read'] });

async function report({ deployment }: BillingSubscriptionPayload, count: number, takenAt: string) {
  const { kind: deploymentKind, externalId } = deployment;
  const input = {
    idempotencyKey: randomUUID(),
    reports: [{ deploymentKind, externalId, takenAt, counts: [{ count }] }],
  };
  const document = `mutation ($input: ReportSeatsInput!) {
    reportSeats(input: $input) { outcomes { userErrors { code field } } userErrors { code } } }`;
  const { data } = await service.query(company, document, { input });
  expect(data).toEqual({ reportSeats: { outcomes: [{ userErrors: [] }], userErrors: [] } });
}

/** An instance as it was last seen, and until when it was in use. */
async function putInstance(deploymentId: string, hostName: string, seenAt: string, endedAt: string | null) {
  await service.rows(
    `INSERT INTO instance (id, deployment_id, instance_id, host_name, version, secret_hash, activation_code_id,
                           activated_at, last_seen_at, ended_at, end_cause)
     SELECT $1, $2, $1::uuid::text, $3, '17.0', '', c.id, '2026-01-05', $4, $5::timestamptz,
            CASE WHEN $5::timestamptz IS NULL THEN NULL ELSE 'DEACTIVATED' END
     FROM activation_code AS c WHERE c.deployment_id = $2 LIMIT 1`,
    [randomUUID(), deploymentId, hostName, seenAt, endedAt],
  );
}

/** A usage report of an instance without a network, as it was taken in. */
async function putUsageReport(deploymentId: string, receivedAt: string) {
  await service.rows(
    `INSERT INTO usage_report (deployment_id, hash, id, license_file_id, instance_id, host_name, version, created_at,
                               received_at, uploaded_by, samples)
     VALUES ($1, md5('a') || md5('b'), $2, $2, 'a', 'a', '17.0', $3, $3, 'product:a', 1)`,
    [deploymentId, randomUUID(), receivedAt],
  );
}

interface Seen {
  readonly seatUsageHistory: { readonly nodes: readonly { readonly day: string }[] };
  readonly instances: readonly { readonly hostName: string }[];
  readonly activationCodes: readonly object[];
  readonly usageReports: { readonly totalCount: number };
}

/** The days of the seats' history, the host names of instances and the numbers of codes and usage reports that a viewer sees. */
async function seen(viewer: Viewer, { deployment }: BillingSubscriptionPayload) {
  const document = `query ($id: ID!) { deployment(id: $id) {
    seatUsageHistory(first: 10) { nodes { day } }
    instances(includeEnded: true) { hostName }
    activationCodes { id } usageReports { totalCount } } }`;
  const { data, errors } = await service.query<{ deployment: Seen | null }>(viewer, document, {
    id: deployment.id,
  });
  expect(errors).toEqual([]);
  const found = data?.deployment;
  if (!found) return null;
  return {
    days: found.seatUsageHistory.nodes.map(({ day }) => day),
    hosts: found.instances.map(({ hostName }) => hostName).toSorted(),
    codes: found.activationCodes.length,
    reports: found.usageReports.totalCount,
  };
}

/** A deployment that one account had until 1 March, and another from then on; both see themselves. */
async function newMove(kind: 'SAAS_NAMESPACE' | 'SELF_MANAGED_INSTANCE') {
  now = new Date('2026-03-01T12:00:00Z');
  const before = newSubscription({}, { deployment: newDeployment('Moving', kind) });
  const accountId = randomUUID();
  await grantAccount(service, before.accountId);
  await grantAccount(service, accountId);
  const after = ordered(before, 2, {}, { accountId, invoiceOwnerAccountId: accountId });
  await deliverSubscription(service, before);
  return { before, after };
}

test('the days of seats that another account had are shown to it and to nobody after it', async () => {
  const { before, after } = await newMove('SAAS_NAMESPACE');
  await report(before, 12, '2026-02-10T08:00:00Z');
  expect(await seen(customer(before.accountId), before)).toMatchObject({ days: ['2026-02-10'] });

  await deliverSubscription(service, after, 2);
  now = new Date('2026-03-05T12:00:00Z');
  await report(after, 9, '2026-03-05T08:00:00Z');
  // Told late, of a day on which it was another one's.
  await report(after, 11, '2026-02-20T08:00:00Z');
  expect(await seen(customer(after.accountId), after)).toMatchObject({ days: ['2026-03-05'] });
  expect(await seen(customer(before.accountId), before)).toBeNull();
  expect(await seen(company, after)).toMatchObject({ days: ['2026-03-05', '2026-02-20', '2026-02-10'] });

  // What comes back shows each account its own days.
  await deliverSubscription(service, ordered(after, 3, {}, { accountId: before.accountId }), 3);
  now = new Date('2026-03-09T12:00:00Z');
  await report(before, 8, '2026-03-09T08:00:00Z');
  expect(await seen(customer(before.accountId), before)).toMatchObject({
    days: ['2026-03-09', '2026-02-20', '2026-02-10'],
  });
});

test('the highest use and the overage are those of whoever has it, from the day of the move on', async () => {
  const { before, after } = await newMove('SAAS_NAMESPACE');
  const seats = async (viewer: Viewer) => {
    const document = `query ($id: ID!) {
      deployment(id: $id) { entitlements { seats { purchased used maximum overage } } } }`;
    const { data } = await service.query<{ deployment: { entitlements: { seats: object } } }>(
      viewer,
      document,
      {
        id: before.deployment.id,
      },
    );
    return data?.deployment.entitlements.seats;
  };
  await report(before, 25, '2026-02-10T08:00:00Z');
  await report(before, 9, '2026-02-28T08:00:00Z');
  expect(await seats(customer(before.accountId))).toEqual({
    purchased: 10,
    used: 9,
    maximum: 25,
    overage: 15,
  });

  await deliverSubscription(service, { ...after, effectiveOn: '2026-03-01', heldSince: '2026-03-01' }, 2);
  expect(await seats(customer(after.accountId))).toEqual({ purchased: 10, used: 9, maximum: 9, overage: 0 });
  now = new Date('2026-03-05T12:00:00Z');
  await report(after, 12, '2026-03-05T08:00:00Z');
  await report(after, 30, '2026-02-20T08:00:00Z');
  expect(await seats(customer(after.accountId))).toEqual({
    purchased: 10,
    used: 12,
    maximum: 12,
    overage: 2,
  });
  const told = (await service.promised('licenses.seat-usage')).filter(
    ({ aggregateId }) => aggregateId === after.deployment.id,
  );
  // Whoever settles what was used needs all days, also those of the account that had it before.
  expect(told.at(-1)?.payload).toMatchObject({
    accountId: after.accountId,
    maximum: 12,
    days: expect.arrayContaining([[50, 1, 30]]) as unknown,
  });
});

test('instances that were out of use before it moved, and codes that ended with it, stay with the former account', async () => {
  const { before, after } = await newMove('SELF_MANAGED_INSTANCE');
  const { id } = before.deployment;
  await putInstance(id, 'ended', '2026-02-01T00:00:00Z', '2026-02-03T00:00:00Z');
  await putInstance(id, 'silent', '2026-01-10T00:00:00Z', null);
  await putInstance(id, 'running', '2026-02-28T00:00:00Z', null);
  await putUsageReport(id, '2026-02-20T00:00:00Z');
  const all = ['ended', 'running', 'silent'];
  expect(await seen(customer(before.accountId), before)).toMatchObject({ hosts: all, codes: 1, reports: 1 });

  await deliverSubscription(service, after, 2);
  now = new Date('2026-03-05T12:00:00Z');
  expect(await seen(customer(after.accountId), after)).toMatchObject({
    hosts: ['running'],
    codes: 1,
    reports: 0,
  });
  expect(await seen(company, after)).toMatchObject({ hosts: all, codes: 2, reports: 1 });
  await service.rows(
    `UPDATE instance SET ended_at = $2, end_cause = 'DEACTIVATED'
                      WHERE deployment_id = $1 AND host_name = 'running'`,
    [id, now],
  );
  expect(await seen(customer(after.accountId), after)).toMatchObject({ hosts: ['running'] });
});
