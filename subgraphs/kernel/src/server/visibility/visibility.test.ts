import { randomUUID } from 'node:crypto';
import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import { internalViewer, partnerViewer, productViewer } from '@fulfillment/test/kit/viewers';
import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../domain/viewer.js';
import { createDataSource } from '../data-source.js';
import { migrate } from '../migrate.js';
import { MessagingTables1764000000000 } from '../messaging/messaging-tables.js';
import { query } from '../sql.js';
import { putGrant } from './grants.js';
import {
  inColumn,
  notOfOneDeployment,
  ofWholeAccount,
  visibleTo,
  type VisibilityColumns,
} from './visibility.js';

const database = await createEmptyDatabase();
const dataSource = await createDataSource({
  url: database.url,
  applicationName: 'kernel-test',
  entities: [],
  migrations: [MessagingTables1764000000000],
}).initialize();
await migrate(dataSource);
afterAll(() => dataSource.destroy());

const now = new Date('2026-11-23T12:00:00Z');
const [accountA, accountB, partnerP, partnerQ] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const deploymentA = randomUUID();
const [subscriptionP, subscriptionQ, past, future] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];

const grant = (
  subject: GrantPayload['subject'],
  object: GrantPayload['object'],
  from = '2026-01-01T00:00:00.000Z',
  until: string | null = null,
) => putGrant(dataSource.manager, { subject, object, from, until });

beforeAll(async () => {
  await dataSource.query('CREATE TABLE agreed (id uuid, account_id uuid, deployment_id uuid)');
  for (const id of [subscriptionP, subscriptionQ, past, future]) {
    const deploymentId = id === subscriptionP ? deploymentA : null;
    await dataSource.query('INSERT INTO agreed VALUES ($1, $2, $3)', [id, accountA, deploymentId]);
  }
  const partner = { kind: 'PARTNER', id: partnerP } as const;
  await grant({ kind: 'ACCOUNT', id: accountA }, { kind: 'ACCOUNT', id: accountA });
  await grant(partner, { kind: 'SUBSCRIPTION', id: subscriptionP });
  await grant({ kind: 'PARTNER', id: partnerQ }, { kind: 'SUBSCRIPTION', id: subscriptionQ });
  // The same id as another kind of object must not open a row of this kind.
  await grant(partner, { kind: 'ORDER', id: subscriptionQ });
  await grant(partner, { kind: 'ACCOUNT_PROFILE', id: accountA });
  await grant(partner, { kind: 'SUBSCRIPTION', id: past }, '2025-01-01T00:00:00.000Z', now.toISOString());
  await grant(partner, { kind: 'SUBSCRIPTION', id: future }, '2026-11-23T12:00:00.001Z');
});

const columns: VisibilityColumns = {
  ACCOUNT: 's.account_id',
  SUBSCRIPTION: 's.id',
  deployment: inColumn('s.deployment_id'),
};

async function seen(viewer: Viewer, granting = columns): Promise<string[]> {
  const rows = await query<{ id: string }>(
    dataSource.manager,
    sql`SELECT id FROM agreed AS s WHERE ${visibleTo(viewer, now, granting)}`,
  );
  return rows.map((row) => row.id).sort();
}

describe('a row is seen', () => {
  it('by internal viewers always', async () => {
    expect(await seen(internalViewer())).toHaveLength(4);
  });

  it('by the account that it belongs to, and by no other', async () => {
    expect(await seen(productViewer(accountA))).toHaveLength(4);
    expect(await seen(productViewer(accountB))).toEqual([]);
  });

  it('by a product of the account that works for one deployment, what is of that one alone', async () => {
    const named = (deploymentId: string, accountId = accountA) => productViewer(accountId, { deploymentId });
    expect(await seen(named(deploymentA))).toEqual([subscriptionP]);
    expect(await seen(named(deploymentA.toUpperCase()))).toEqual([subscriptionP]);
    expect(await seen(named(randomUUID()))).toEqual([]);
    expect(await seen(named(deploymentA, accountB))).toEqual([]);
    expect(await seen(named(deploymentA), { ...columns, deployment: ofWholeAccount })).toHaveLength(4);
    expect(await seen(named(deploymentA), { ...columns, deployment: notOfOneDeployment })).toEqual([]);
  });

  it('by the partner that it is granted to, from its first instant up to its end', async () => {
    expect(await seen(partnerViewer(partnerP))).toEqual([subscriptionP]);
    expect(await seen(partnerViewer(partnerQ))).toEqual([subscriptionQ]);
  });

  it('by nobody where a table names no column', async () => {
    expect(await seen(partnerViewer(partnerP), { deployment: ofWholeAccount })).toEqual([]);
  });

  it('no longer, once the grant has ended', async () => {
    await grant(
      { kind: 'PARTNER', id: partnerQ },
      { kind: 'SUBSCRIPTION', id: subscriptionQ },
      '2026-01-01T00:00:00.000Z',
      '2026-11-01T00:00:00.000Z',
    );
    expect(await seen(partnerViewer(partnerQ))).toEqual([]);
  });
});
