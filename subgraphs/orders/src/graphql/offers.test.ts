import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { describe, expect, test } from 'vitest';
import { openAccount, tellDeployment } from '../../fixtures/parties.js';
import { ordersDefinition } from '../definition.js';
import { priceList } from '../catalog/price-list.js';

const orders = await startServiceHarness(ordersDefinition);

const document = `query ($refs: [_Any!]!, $limit: Int) { _entities(representations: $refs) { ... on Entitlements {
  upsells(limit: $limit) { reason product { code name } unlocks { key } listPrice {
    unitPrice { amount currency } unit unitSize pricePeriod billingPeriod validFrom validUntil source } } } } }`;

interface Answered {
  readonly _entities: readonly {
    readonly upsells:
      | readonly {
          readonly product: { readonly code: string };
          readonly unlocks: readonly { readonly key: string }[];
          readonly [field: string]: unknown;
        }[]
      | null;
  }[];
}

function entitlements(deploymentId: string, planCode: string, used = 1, purchased = 10) {
  return { __typename: 'Entitlements', deploymentId, planCode, seats: { purchased, used } };
}

async function ask(viewer: Viewer, refs: readonly object[], limit = 1) {
  const { data, errors, requestId } = await orders.query<Answered>(viewer, document, { refs, limit });
  expect(errors).toEqual([]);
  return {
    offers: data?._entities.map(({ upsells }) => upsells) ?? [],
    statements: orders.statements(requestId),
  };
}

describe('offers', () => {
  test('the next better plan with its list price of today, and what it unlocks', async () => {
    const accountId = await openAccount(orders);
    const id = await tellDeployment(orders, accountId);
    const { offers, statements } = await ask(productViewer(accountId), [entitlements(id, 'PREMIUM', 9)]);
    expect(offers).toMatchObject([
      [
        {
          reason: 'SEATS_NEARLY_FULL',
          product: { code: 'ULTIMATE', name: 'Ultimate' },
          listPrice: {
            unitPrice: { amount: '99.00', currency: 'USD' },
            unit: 'USER',
            unitSize: 1,
            pricePeriod: 'MONTH',
            billingPeriod: 'YEAR',
            validFrom: '2023-04-03',
            validUntil: null,
            source: expect.stringContaining('2026-11-01') as string,
          },
        },
      ],
    ]);
    const unlocked = offers[0]?.[0]?.unlocks.map(({ key }) => key);
    expect(unlocked).toContain('sast');
    expect(unlocked).not.toContain('merge_trains');
    expect(statements).toHaveLength(1);
  });

  test('for any number of deployments, one statement', async () => {
    const accountId = await openAccount(orders);
    const kinds = ['SAAS_NAMESPACE', 'SELF_MANAGED_INSTANCE', 'DEDICATED_TENANT'] as const;
    const [saas = '', own = '', tenant = ''] = await Promise.all(
      kinds.map((kind) => tellDeployment(orders, accountId, kind)),
    );
    const refs = [
      entitlements(saas, 'FREE', 9, 0),
      entitlements(own, 'ULTIMATE'),
      entitlements(tenant, 'FREE'),
      entitlements(tenant, 'DEDICATED'),
    ];
    const { offers, statements } = await ask(productViewer(accountId), refs, 10);
    expect(offers.map((list) => list?.map(({ product, reason }) => [product.code, reason]))).toEqual([
      [
        ['PREMIUM', 'NEXT_PLAN'],
        ['ULTIMATE', 'NEXT_PLAN'],
      ],
      [],
      [['DEDICATED', 'NEXT_PLAN']],
      [],
    ]);
    expect(statements).toHaveLength(1);
  });

  test('nobody else’s deployment gets any', async () => {
    const [owner, other] = [await openAccount(orders), await openAccount(orders)];
    const id = await tellDeployment(orders, owner);
    expect((await ask(productViewer(other), [entitlements(id, 'FREE')])).offers).toEqual([null]);
    expect((await ask(internalViewer(), [entitlements(id, 'FREE')])).offers).toHaveLength(1);
  });

  test('a limit beyond its bounds is refused', async () => {
    const accountId = await openAccount(orders);
    const refs = [entitlements(await tellDeployment(orders, accountId), 'FREE')];
    const { errors } = await orders.query(productViewer(accountId), document, { refs, limit: 11 });
    expect(errors[0]?.extensions.code).toBe('ARGUMENT_INVALID');
  });
});

test('the price list is shown as it is kept', async () => {
  const { data } = await orders.query<{ products: { code: string }[] }>(
    internalViewer(),
    `{ products { code name kind description rank minimumQuantity deploymentKinds
       features { key name kind quantity } listPrices { id unitPrice { amount } } } }`,
  );
  const byCode = new Map(priceList.products.map((product) => [product.code, product]));
  expect(data?.products).toHaveLength(byCode.size);
  for (const shown of data?.products ?? []) {
    const { prices, orderable: _, ...product } = byCode.get(shown.code) ?? { prices: [], orderable: true };
    expect(shown).toMatchObject({
      ...product,
      listPrices: prices.map(({ unitPrice }) => ({ unitPrice: { amount: unitPrice } })),
    });
  }
});
