import { localDate } from '@fulfillment/kernel/domain/calendar';
import type { SubscriptionStory } from '@fulfillment/kernel/population/story';
import { billingSubscriptionPayload } from '@fulfillment/schema/events/subscriptions';
import { expect, test } from 'vitest';
import { newSubscription } from '../../test/facts.js';
import { licenseId } from '../domain/license.js';
import { licensesOf } from './licenses.js';

const renewed = { startDate: '2026-01-01', endDate: '2027-01-01', months: 12 };

const term = (startDate: string, endDate: string, recordedAt: string) => ({
  startDate: localDate(startDate),
  endDate: localDate(endDate),
  months: 12,
  recordedAt: new Date(recordedAt),
  paidOn: null,
});

const story: SubscriptionStory = {
  scenario: 'ACTIVE',
  subscriptionId: 'a4f2c2b4-5f6d-4a55-9f4e-0c2b6b1f0001',
  orderId: 'a4f2c2b4-5f6d-4a55-9f4e-0c2b6b1f0002',
  actionId: 'a4f2c2b4-5f6d-4a55-9f4e-0c2b6b1f0003',
  planCode: 'PREMIUM',
  quantity: 10,
  addOns: [],
  seller: null,
  placedAt: new Date('2025-01-01T09:00:00Z'),
  placedBy: 'buyer',
  purchaseOrderNumber: null,
  trial: false,
  autoRenewal: true,
  terms: [
    term('2025-01-01', '2026-01-01', '2025-01-01T09:00:00Z'),
    term('2026-01-01', '2027-01-01', '2025-12-31T23:00:00Z'),
  ],
  canceledOn: null,
};

test('a license for each term, the one before points to the next', () => {
  const newest = billingSubscriptionPayload.parse(newSubscription({ term: renewed }));
  const [first, second] = [1, 2].map((version) => licenseId(newest.id, version));
  expect(licensesOf(story, newest)).toMatchObject([
    {
      id: first,
      cause: 'SUBSCRIPTION_CREATED',
      startsOn: '2025-01-01',
      endsOn: '2026-01-01',
      seats: 10,
      replacedById: second,
    },
    {
      id: second,
      cause: 'SUBSCRIPTION_RENEWED',
      startsOn: '2026-01-01',
      endsOn: '2027-01-01',
      seats: 10,
      replacedById: null,
    },
  ]);
});

test('one more when it was canceled, up to that day; those before were for their whole terms', () => {
  const newest = newSubscription({ term: renewed, canceledOn: '2026-03-01' });
  const licenses = licensesOf({ ...story, canceledOn: localDate('2026-03-01') }, newest);
  expect(licenses.map(({ endsOn }) => endsOn)).toEqual(['2026-01-01', '2027-01-01', '2026-03-01']);
  expect(licenses.at(-1)?.issuedAt).toEqual(new Date('2026-03-01T06:00:00Z'));
});
