import { randomUUID } from 'node:crypto';
import { createEmptyDatabase } from '@fulfillment/test/kit/postgres';
import { afterAll, expect, it } from 'vitest';
import { createDataSource } from '../data-source.js';
import { migrate } from '../migrate.js';
import { kernelEntities, kernelMigrations } from '../service-tables.js';
import { createGrantBoundary } from './grant-boundary.js';
import { putGrant } from './grants.js';

const database = await createEmptyDatabase();
const dataSource = await createDataSource({
  url: database.url,
  applicationName: 'kernel-test',
  entities: [...kernelEntities],
  migrations: kernelMigrations,
}).initialize();
await migrate(dataSource);
afterAll(() => dataSource.destroy());

const put = (from: string, until: string | null) =>
  putGrant(dataSource.manager, {
    subject: { kind: 'PARTNER', id: randomUUID() },
    object: { kind: 'ACCOUNT', id: randomUUID() },
    from,
    until,
  });

it('knows when the next grant begins or ends, of those to come', async () => {
  const boundary = createGrantBoundary(dataSource, { now: async () => new Date('2026-06-15') });
  await put('2020-01-01T00:00:00.000Z', null);
  await put('2020-01-01T00:00:00.000Z', '2021-01-01T00:00:00.000Z');
  await boundary.refresh();
  expect(boundary.next()).toBeNull();

  await put('2020-01-01T00:00:00.000Z', '2098-01-01T00:00:00.000Z');
  await boundary.refresh();
  expect(boundary.next()).toEqual(new Date('2098-01-01T00:00:00.000Z'));

  await put('2097-01-01T00:00:00.000Z', null);
  await boundary.refresh();
  expect(boundary.next()).toEqual(new Date('2097-01-01T00:00:00.000Z'));
});
