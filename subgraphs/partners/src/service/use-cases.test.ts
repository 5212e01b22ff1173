import { localDate } from '@fulfillment/kernel/domain/calendar';
import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { partnersDefinition } from '../definition.js';
import { addCustomer } from './add-customer.js';
import { registerPartner, type NewPartner } from './register-partner.js';

const database = await cloneDatabase(partnersDefinition);
const { dataSource, transaction } = await openUnitOfWork(partnersDefinition, database.url);
const now = new Date('2026-11-23T09:00:00Z');

beforeEach(async () => {
  await dataSource.query('TRUNCATE partner, viewer_grant, outbox CASCADE');
});

function newPartner(tier: Pick<NewPartner, 'kind' | 'distributorId'>): NewPartner {
  const id = randomUUID();
  return {
    id,
    name: `Partner ${id}`,
    contactEmail: 'sales@partner.example',
    accountId: randomUUID(),
    timeZone: 'UTC',
    registeredAt: now,
    agreements: [
      {
        id: randomUUID(),
        startDate: localDate('2026-01-01'),
        endDate: localDate('2027-01-01'),
        commissionRatePercent: '7.50',
      },
    ],
    ...tier,
  } as NewPartner;
}

const register = (partner: NewPartner) => transaction((work) => registerPartner(work, partner));
const add = (partnerId: string, accountId: string, since: string, until: string | null = null) =>
  transaction((work) =>
    addCustomer(
      work,
      { partnerId, accountId, since: localDate(since), until: until === null ? null : localDate(until) },
      now,
    ),
  );
const promised = (topic: string): Promise<{ sequence: number; payload: { subject: { id: string } } }[]> =>
  dataSource.query('SELECT sequence, payload FROM outbox WHERE topic = $1 ORDER BY position', [topic]);

describe('registerPartner', () => {
  test('keeps the partner with its agreements, and promises its snapshot and grants', async () => {
    const distributor = newPartner({ kind: 'DISTRIBUTOR', distributorId: null });
    const reseller = newPartner({ kind: 'RESELLER', distributorId: distributor.id });
    expect(await register(distributor)).toMatchObject({ ok: true });
    expect(await register(reseller)).toMatchObject({ ok: true });

    const kept = await transaction((work) => work.partners.find(reseller.id));
    expect(kept).toEqual({ ...reseller, version: 1 });
    expect(await promised('partners.partner')).toMatchObject([
      { sequence: 1, payload: { id: distributor.id, kind: 'DISTRIBUTOR', distributorId: null } },
      { sequence: 1, payload: { id: reseller.id, kind: 'RESELLER', distributorId: distributor.id } },
    ]);
    expect(await promised('partners.grant')).toHaveLength(5);
    expect(await dataSource.query('SELECT FROM viewer_grant')).toHaveLength(5);
  });

  test('a partner without an agreement is one too', async () => {
    const partner = { ...newPartner({ kind: 'RESELLER', distributorId: null }), agreements: [] };
    expect(await register(partner)).toMatchObject({ ok: true });
    expect(await transaction((work) => work.partners.find(partner.id))).toMatchObject({ agreements: [] });
  });

  test('refuses a distributor that is none', async () => {
    const reseller = newPartner({ kind: 'RESELLER', distributorId: null });
    await register(reseller);
    const unknown = newPartner({ kind: 'RESELLER', distributorId: randomUUID() });
    const third = newPartner({ kind: 'RESELLER', distributorId: reseller.id });
    expect(await register(unknown)).toEqual({ ok: false, error: 'DISTRIBUTOR_UNKNOWN' });
    expect(await register(third)).toEqual({ ok: false, error: 'NOT_A_DISTRIBUTOR' });
    expect(await promised('partners.partner')).toHaveLength(1);
  });

  test('refuses agreements that contradict each other', async () => {
    const partner = newPartner({ kind: 'RESELLER', distributorId: null });
    const [agreement] = partner.agreements;
    const twice = {
      ...partner,
      agreements: agreement ? [agreement, { ...agreement, id: randomUUID() }] : [],
    };
    expect(await register(twice)).toEqual({ ok: false, error: 'AGREEMENTS_OVERLAP' });
  });
});

describe('addCustomer', () => {
  test('of two resellers of one distributor, the second changes the distributor’s grant alone', async () => {
    const distributor = newPartner({ kind: 'DISTRIBUTOR', distributorId: null });
    const resellers = [1, 2].map(() => newPartner({ kind: 'RESELLER', distributorId: distributor.id }));
    for (const partner of [distributor, ...resellers]) await register(partner);
    await dataSource.query('TRUNCATE outbox');

    const customer = randomUUID();
    const [first, second] = resellers.map((partner) => partner.id) as [string, string];
    await add(first, customer, '2026-01-01', '2026-07-01');
    await add(second, customer, '2026-03-01');

    const grants = await promised('partners.grant');
    expect(grants.map(({ sequence, payload }) => [payload.subject.id, sequence])).toEqual([
      [first, 1],
      [distributor.id, 1],
      [customer, 1],
      [distributor.id, 2],
      [second, 1],
      [customer, 1],
    ]);
    expect(
      await dataSource.query(
        'SELECT valid_from, valid_until FROM viewer_grant WHERE subject_id = $1 AND object_id = $2',
        [distributor.id, customer],
      ),
    ).toEqual([{ valid_from: new Date('2026-01-01T00:00:00Z'), valid_until: null }]);
  });

  test('at the same moment, both resellers count', async () => {
    const distributor = newPartner({ kind: 'DISTRIBUTOR', distributorId: null });
    const resellers = [1, 2, 3, 4].map(() => newPartner({ kind: 'RESELLER', distributorId: distributor.id }));
    for (const partner of [distributor, ...resellers]) await register(partner);
    const customer = randomUUID();
    const added = await Promise.all(resellers.map((partner) => add(partner.id, customer, '2026-01-01')));
    expect(added.every((result) => result.ok)).toBe(true);
    const versions = (await promised('partners.grant'))
      .filter(({ payload }) => payload.subject.id === distributor.id)
      .map(({ sequence }) => sequence);
    expect(Math.max(...versions)).toBe(4);
  });

  test.each([
    ['RELATIONSHIPS_OVERLAP', '2026-06-30', null],
    ['RELATIONSHIP_EMPTY', '2026-08-01', '2026-08-01'],
  ] as const)('refuses with %s', async (code, since, until) => {
    const partner = newPartner({ kind: 'RESELLER', distributorId: null });
    await register(partner);
    const customer = randomUUID();
    await add(partner.id, customer, '2026-01-01', '2026-07-01');
    expect(await add(partner.id, customer, since, until)).toEqual({ ok: false, error: code });
    expect(await add(partner.id, customer, '2026-07-01')).toMatchObject({ ok: true });
  });

  test('refuses a partner that is not known', async () => {
    expect(await add(randomUUID(), randomUUID(), '2026-01-01')).toEqual({
      ok: false,
      error: 'PARTNER_UNKNOWN',
    });
  });
});
