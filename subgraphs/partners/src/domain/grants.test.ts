import { localDate } from '@fulfillment/kernel/domain/calendar';
import { describe, expect, test } from 'vitest';
import { newRelationship } from './customer-relationship.js';
import { changedGrants, customerGrants, partnerGrants, type Grant, type Sale } from './grants.js';
import type { Partner } from './partner.js';

const distributorId = 'd1000000-0000-4000-8000-000000000001';
const resellerId = 'a1000000-0000-4000-8000-000000000001';
const siblingId = 'a1000000-0000-4000-8000-000000000002';
const customerId = 'c1000000-0000-4000-8000-000000000001';
const ownAccountId = 'c1000000-0000-4000-8000-000000000002';

const reseller: Partner = {
  id: resellerId,
  name: 'Reseller',
  kind: 'RESELLER',
  distributorId,
  contactEmail: 'sales@reseller.example',
  accountId: ownAccountId,
  timeZone: 'Europe/Berlin',
  registeredAt: new Date('2025-01-01T00:00:00Z'),
  agreements: [],
  version: 1,
};

function sale(partnerId: string, since: string, until: string | null): Sale {
  return {
    partner: { id: partnerId, distributorId, timeZone: 'Europe/Berlin' },
    relationship: newRelationship({
      partnerId,
      accountId: customerId,
      since: localDate(since),
      until: until === null ? null : localDate(until),
    }),
  };
}

function inWords({ subject, object, from, until, version }: Grant): string {
  const end = until === null ? 'open' : until.toISOString();
  return `${subject.kind} ${subject.id} -> ${object.kind} ${object.id} ${from.toISOString()} ${end} v${version}`;
}

describe('partnerGrants', () => {
  test('a reseller sees itself and its account, and its distributor sees it', () => {
    expect(partnerGrants(reseller).map(inWords)).toEqual([
      `PARTNER ${resellerId} -> PARTNER ${resellerId} 2025-01-01T00:00:00.000Z open v1`,
      `PARTNER ${resellerId} -> ACCOUNT ${ownAccountId} 2025-01-01T00:00:00.000Z open v1`,
      `PARTNER ${distributorId} -> PARTNER ${resellerId} 2025-01-01T00:00:00.000Z open v1`,
    ]);
  });

  test('without a distributor nobody else sees it', () => {
    expect(partnerGrants({ ...reseller, distributorId: null })).toHaveLength(2);
  });
});

describe('customerGrants', () => {
  test('partner and distributor see the customer’s profile, the customer sees the partner, by the partner’s days', () => {
    expect(customerGrants([sale(resellerId, '2026-01-01', '2026-07-01')]).map(inWords)).toEqual([
      `PARTNER ${resellerId} -> ACCOUNT_PROFILE ${customerId} 2025-12-31T23:00:00.000Z 2026-06-30T22:00:00.000Z v1`,
      `PARTNER ${distributorId} -> ACCOUNT_PROFILE ${customerId} 2025-12-31T23:00:00.000Z 2026-06-30T22:00:00.000Z v1`,
      `ACCOUNT ${customerId} -> PARTNER ${resellerId} 2025-12-31T23:00:00.000Z 2026-06-30T22:00:00.000Z v1`,
    ]);
  });

  test('two resellers of one distributor make one grant of it, from the first until the last ends', () => {
    const before = [sale(resellerId, '2026-01-01', '2026-07-01')];
    const after = [...before, sale(siblingId, '2026-03-01', null)];
    expect(changedGrants(customerGrants(before), customerGrants(after)).map(inWords)).toEqual([
      `PARTNER ${distributorId} -> ACCOUNT_PROFILE ${customerId} 2025-12-31T23:00:00.000Z open v2`,
      `PARTNER ${siblingId} -> ACCOUNT_PROFILE ${customerId} 2026-02-28T23:00:00.000Z open v1`,
      `ACCOUNT ${customerId} -> PARTNER ${siblingId} 2026-02-28T23:00:00.000Z open v1`,
    ]);
  });

  test('the order of the sales does not matter, and a customer that comes back is one grant', () => {
    const first = sale(resellerId, '2025-01-01', '2025-06-01');
    const second = sale(resellerId, '2026-01-01', '2026-07-01');
    const grants = customerGrants([first, second]);
    expect(grants).toEqual(customerGrants([second, first]));
    expect(grants[0]).toMatchObject({
      from: new Date('2024-12-31T23:00:00Z'),
      until: new Date('2026-06-30T22:00:00Z'),
      version: 2,
    });
  });
});
