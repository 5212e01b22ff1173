import { localDate } from '@fulfillment/kernel/domain/calendar';
import { deploymentKinds } from '@fulfillment/kernel/domain/ids';
import type { PriceList } from '../domain/catalog/price-list.js';
import type { Price } from '../domain/catalog/product.js';
import {
  aiEnterpriseFeatures,
  aiFeatures,
  allowance,
  dedicatedFeatures,
  freeFeatures,
  limit,
  openAllowance,
  premiumFeatures,
  ultimateFeatures,
} from './features.js';

/** A published list of a DevSecOps platform; the amounts are taken from it as they stood on this day. */
const source = 'GitLab pricing page, published list prices, as of 2026-11-01';

/** What all our list prices have in common. They hold since the plans' last change of price. */
const listed = {
  currency: 'USD',
  validFrom: localDate('2023-04-03'),
  validUntil: null,
  source,
} as const;

/** A user's price for a month, billed by the year in advance. */
function perUserAndMonth(unitPrice: string): Price {
  return { ...listed, unitPrice, unit: 'USER', unitSize: 1, pricePeriod: 'MONTH', billingPeriod: 'YEAR' };
}

/**
 * What is sold and for how much. A change takes a new `version`. A price changes by a `validUntil` on the old one and
 * a new one beside it; a product leaves the list when its last price ends.
 */
export const priceList: PriceList = {
  version: 1,
  products: [
    {
      code: 'FREE',
      name: 'Free',
      kind: 'PLAN',
      description: 'For individuals and small teams; it needs no order.',
      rank: 0,
      minimumQuantity: 1,
      deploymentKinds: ['SAAS_NAMESPACE', 'SELF_MANAGED_INSTANCE'],
      orderable: false,
      features: [
        ...freeFeatures,
        limit('projects', 'Projects', 100),
        limit('storage_gb', 'Storage in GB', 10),
        allowance('compute_minutes', 'Compute minutes', 400),
      ],
      prices: [perUserAndMonth('0.00')],
    },
    {
      code: 'PREMIUM',
      name: 'Premium',
      kind: 'PLAN',
      description: 'For teams that scale: faster reviews, planning across teams and support.',
      rank: 1,
      minimumQuantity: 1,
      deploymentKinds: ['SAAS_NAMESPACE', 'SELF_MANAGED_INSTANCE'],
      orderable: true,
      features: [
        ...freeFeatures,
        ...premiumFeatures,
        limit('projects', 'Projects', null),
        limit('storage_gb', 'Storage in GB', 500),
        allowance('compute_minutes', 'Compute minutes', 10_000),
      ],
      prices: [perUserAndMonth('29.00')],
    },
    {
      code: 'ULTIMATE',
      name: 'Ultimate',
      kind: 'PLAN',
      description: 'For whole organizations: security, compliance and portfolio planning.',
      rank: 2,
      minimumQuantity: 1,
      deploymentKinds: ['SAAS_NAMESPACE', 'SELF_MANAGED_INSTANCE'],
      orderable: true,
      features: [
        ...freeFeatures,
        ...premiumFeatures,
        ...ultimateFeatures,
        limit('projects', 'Projects', null),
        limit('storage_gb', 'Storage in GB', 500),
        allowance('compute_minutes', 'Compute minutes', 50_000),
      ],
      prices: [perUserAndMonth('99.00')],
    },
    {
      code: 'DEDICATED',
      name: 'Dedicated',
      kind: 'PLAN',
      description: 'Ultimate on a single tenant that we operate for one customer, from 1,000 seats.',
      rank: 3,
      minimumQuantity: 1_000,
      deploymentKinds: ['DEDICATED_TENANT'],
      orderable: true,
      features: [
        ...freeFeatures,
        ...premiumFeatures,
        ...ultimateFeatures,
        ...dedicatedFeatures,
        limit('projects', 'Projects', null),
        limit('storage_gb', 'Storage in GB', 2_000),
        openAllowance('compute_minutes', 'Compute minutes', 50_000),
      ],
      prices: [
        { ...perUserAndMonth('99.00'), source: `${source}: Ultimate; the dedicated surcharge is quoted` },
      ],
    },
    {
      code: 'AI_ADD_ON',
      name: 'AI Add-on',
      kind: 'ADD_ON',
      description: 'AI assistance while coding, for each user who has a seat of it.',
      rank: null,
      minimumQuantity: 1,
      deploymentKinds,
      orderable: true,
      features: aiFeatures,
      prices: [perUserAndMonth('19.00')],
    },
    {
      code: 'AI_ENTERPRISE_ADD_ON',
      name: 'Enterprise AI Add-on',
      kind: 'ADD_ON',
      description:
        'AI assistance over the whole way from idea to operation, for each user who has a seat of it.',
      rank: null,
      minimumQuantity: 1,
      deploymentKinds,
      orderable: true,
      features: [...aiFeatures, ...aiEnterpriseFeatures],
      prices: [perUserAndMonth('39.00')],
    },
    {
      code: 'COMPUTE_MINUTES',
      name: 'Compute Minutes',
      kind: 'ADD_ON',
      description: 'A pack of 1,000 compute minutes, bought once and kept until it is used up.',
      rank: null,
      minimumQuantity: 1,
      deploymentKinds,
      orderable: true,
      features: [allowance('compute_minutes', 'Compute minutes', 1_000)],
      prices: [
        {
          ...listed,
          unitPrice: '10.00',
          unit: 'COMPUTE_MINUTES',
          unitSize: 1_000,
          pricePeriod: 'ONE_TIME',
          billingPeriod: 'ONE_TIME',
        },
      ],
    },
    {
      code: 'STORAGE',
      name: 'Storage',
      kind: 'ADD_ON',
      description: 'A pack of 10 GB of storage for a year.',
      rank: null,
      minimumQuantity: 1,
      deploymentKinds,
      orderable: true,
      features: [limit('storage_gb', 'Storage in GB', 10)],
      prices: [
        {
          ...listed,
          unitPrice: '60.00',
          unit: 'STORAGE_GB',
          unitSize: 10,
          pricePeriod: 'YEAR',
          billingPeriod: 'YEAR',
        },
      ],
    },
  ],
};
