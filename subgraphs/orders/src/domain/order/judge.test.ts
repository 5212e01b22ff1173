import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import { deploymentId } from '@fulfillment/kernel/domain/ids';
import { err, ok } from '@fulfillment/kernel/domain/result';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accountId,
  agreedYear,
  creation as create,
  knownDeployment as known,
  orderFacts as facts,
  today,
} from '../../../fixtures/order-facts.js';
import { namedInActions } from './actions/index.js';
import { type DeploymentFacts, type OrderFacts, stillRunsOn } from './facts.js';
import { draftLines, judgedActions, judgeOrder, type OrderRequest } from './judge.js';
import { orderNumber } from './order.js';
import { placeDraft } from './place.js';

const refusals = (request: OrderRequest, given = facts()) => {
  const judged = judgeOrder(request, given);
  return judged.ok ? [] : judged.error.map(({ code, field }) => `${code} ${field.join('.')}`);
};

const plan = 'actions.0.createSubscription';

describe('what is refused', () => {
  test.each<[string, OrderRequest, string[]]>([
    ['nothing to do', { actions: [] }, ['ACTION_INVALID actions']],
    ['an entry without an action', { actions: [{}] }, ['ACTION_INVALID actions.0']],
    ['a null action', { actions: [{ createSubscription: null }] }, ['ACTION_INVALID actions.0']],
    ['an unknown currency', { currency: 'XXX', actions: [create()] }, ['CURRENCY_UNKNOWN currency']],
    ['another currency', { currency: 'EUR', actions: [create()] }, ['CURRENCY_MISMATCH currency']],
    [
      'a day in the past',
      { effectiveDate: addDays(today, -1), actions: [create()] },
      ['EFFECTIVE_DATE_INVALID effectiveDate'],
    ],
    [
      'a day too far ahead',
      { effectiveDate: addDays(today, 366), actions: [create()] },
      ['EFFECTIVE_DATE_INVALID effectiveDate'],
    ],
    [
      'a deployment name of white space',
      { actions: [create({ deployment: { kind: 'SAAS_NAMESPACE', externalId: 'a', name: ' ' } })] },
      [`INVALID_VALUE ${plan}.deployment.name`],
    ],
    [
      'too few seats of the dedicated plan, on another kind',
      { actions: [create({ planCode: 'DEDICATED', quantity: 999 })] },
      [`QUANTITY_OUT_OF_RANGE ${plan}.quantity`],
    ],
    [
      'a plan as an add-on, and too many of one',
      {
        actions: [
          create({
            addOns: [
              { productCode: 'PREMIUM', quantity: 1 },
              { productCode: 'STORAGE', quantity: 1_000_001 },
            ],
          }),
        ],
      },
      [`PRODUCT_NOT_FOUND ${plan}.addOns.0.productCode`, `QUANTITY_OUT_OF_RANGE ${plan}.addOns.1.quantity`],
    ],
    [
      'the same deployment twice',
      { actions: [create(), create({ planCode: 'ULTIMATE' })] },
      ['DEPLOYMENT_ALREADY_SUBSCRIBED actions.1'],
    ],
  ])('%s', (_, request, expected) => {
    expect(refusals(request)).toEqual(expected);
  });

  test.each<[string, Partial<DeploymentFacts>, string[]]>([
    ['nothing stands in the way', {}, []],
    ['another account has it', { accountId: 'another' }, [`DEPLOYMENT_NOT_ELIGIBLE ${plan}.deployment`]],
    ['an order is under way', { orderUnderWay: true }, [`DEPLOYMENT_ALREADY_SUBSCRIBED ${plan}.deployment`]],
  ])('a deployment: %s', (_, deployment, expected) => {
    expect(refusals({ actions: [create()] }, facts({ deployments: known(deployment) }))).toEqual(expected);
  });

  test('without a list price, sales is to be asked', () => {
    const invoiceOwner = { ...facts().buyer.invoiceOwner, id: accountId, currency: 'CHF' } as const;
    const buyer = { ...facts().buyer, invoiceOwner };
    expect(refusals({ actions: [create()] }, facts({ buyer }))).toEqual([`PRICE_NOT_FOUND ${plan}.planCode`]);
  });
});

test.each([
  ['ends before', '2026-11-22', false, null, false],
  ['ends on the day', '2026-11-23', false, null, false],
  ['ends after', '2026-11-24', false, null, true],
  ['renews', '2026-11-20', true, null, true],
  ['was canceled', '2027-11-20', true, '2026-11-23', false],
  ['will be canceled', '2027-11-20', true, '2026-11-24', true],
  ['was canceled for after its term', '2026-11-20', true, '2027-01-01', false],
])('a subscription that %s', (_, endDate, autoRenewal, canceledOn, runs) => {
  const agreement = agreedYear({
    term: { startDate: localDate('2025-11-20'), endDate: localDate(endDate), months: 12 },
    canceledOn: canceledOn === null ? null : localDate(canceledOn),
  });
  const renewal = { ...agreement.renewal, automatic: autoRenewal };
  expect(stillRunsOn({ ...agreement, renewal }, today)).toBe(runs);
});

describe('what is right', () => {
  const codes = ['AI_ADD_ON', 'AI_ENTERPRISE_ADD_ON', 'COMPUTE_MINUTES', 'STORAGE'];
  const action = fc
    .record({
      externalId: fc.uuid(),
      planCode: fc.constantFrom('PREMIUM', 'ULTIMATE'),
      quantity: fc.integer({ min: 1, max: 1_000_000 }),
      addOns: fc.uniqueArray(
        fc.record({
          productCode: fc.constantFrom(...codes),
          quantity: fc.integer({ min: 1, max: 1_000_000 }),
        }),
        { selector: ({ productCode }) => productCode },
      ),
    })
    .map(({ externalId, ...rest }) =>
      create({ ...rest, deployment: { kind: 'SAAS_NAMESPACE', externalId } }),
    );
  const request: fc.Arbitrary<OrderRequest> = fc.record({
    effectiveDate: fc.integer({ min: 0, max: 365 }).map((days) => addDays(today, days)),
    actions: fc.uniqueArray(action, {
      minLength: 1,
      maxLength: 5,
      selector: ({ createSubscription }) => createSubscription?.deployment.externalId,
    }),
  });

  test('costs the sum of its lines, and the same however often it is asked', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const judged = judgeOrder(asked, facts());
        expect(judgeOrder(asked, facts())).toEqual(judged);
        if (!judged.ok) throw new Error(JSON.stringify(judged.error));
        const lines = draftLines(judged.value);
        const net = lines.reduce((sum, { amount }) => sum + amount.minor, 0n);
        const tax = lines.reduce((sum, line) => sum + line.tax.amount.minor, 0n);
        expect([judged.value.net.minor, judged.value.tax.minor]).toEqual([net, tax]);
        expect(judged.value.total.minor).toBe(net + tax);
        expect(lines.map(({ position }) => position)).toEqual(lines.map((_, index) => index + 1));
      }),
    );
  });

  test('is placed with the lines that were previewed, each with its action and subscription', () => {
    fc.assert(
      fc.property(request, fc.uuid(), (asked, id) => {
        const judged = judgeOrder(asked, facts());
        if (!judged.ok) throw new Error(JSON.stringify(judged.error));
        const placement = { id, number: orderNumber(7n), placedAt: new Date(0), placedBy: 'x' };
        const order = placeDraft(judged.value, { ...placement, purchaseOrderNumber: null });
        expect(placeDraft(judged.value, { ...placement, purchaseOrderNumber: null })).toEqual(order);
        expect(order.number).toBe('O-00000007');
        expect(order.lines).toMatchObject(draftLines(judged.value));
        for (const line of order.lines) {
          const owner = order.actions.find(({ id: actionId }) => actionId === line.actionId);
          expect(owner?.subscriptionId).toBe(line.subscriptionId);
          const { change } = owner ?? {};
          const items = change?.kind === 'CREATE_SUBSCRIPTION' ? change.agreement.items : [];
          expect(items.map(({ productCode }) => productCode)).toContain(line.productCode);
        }
        expect(new Set(order.actions.map(({ subscriptionId }) => subscriptionId)).size).toBe(
          order.actions.length,
        );
      }),
    );
  });

  test('the first term is a year by the calendar, from 29 February too', () => {
    const leap = localDate('2028-02-29');
    const judged = judgeOrder({ effectiveDate: leap, actions: [create()] }, facts({ today: leap }));
    expect(judged.ok && draftLines(judged.value)[0]).toMatchObject({
      serviceStart: '2028-02-29',
      serviceEnd: '2029-02-28',
      prorationRatio: '1',
      amount: { minor: 348_000n, currency: 'USD' },
    });
  });

  test('a deployment is named by the input, else as it is known, else by its external id', () => {
    const nameOf = (name: string | null, given: OrderFacts) => {
      const deployment = { kind: 'SAAS_NAMESPACE', externalId: 'group-1', name } as const;
      const judged = judgeOrder({ actions: [create({ deployment })] }, given);
      return judged.ok && judged.value.actions[0]?.deployment?.name;
    };
    expect(nameOf('Mine', facts({ deployments: known({}) }))).toBe('Mine');
    expect(nameOf(null, facts({ deployments: known({}) }))).toBe('Group');
    expect(nameOf(null, facts())).toBe('group-1');
  });

  test('the facts of all its deployments are asked for, and of no more than an order may have', () => {
    const id = deploymentId('SAAS_NAMESPACE', 'group-1');
    expect(namedInActions([create(), {}, create()]).deploymentIds).toEqual([id]);
    expect(judgedActions({ actions: Array.from({ length: 1_000 }, () => create()) })).toHaveLength(50);
  });

  test('tax comes on top of each line, rounded once, by the rate of who pays', () => {
    const given = facts({ tax: ok({ rate: '8.1', jurisdiction: 'CH', reason: 'DOMESTIC' }) });
    const addOns = [{ productCode: 'STORAGE', quantity: 1 }];
    const judged = judgeOrder({ actions: [create({ quantity: 1, addOns })] }, given);
    if (!judged.ok) throw new Error(JSON.stringify(judged.error));
    expect(draftLines(judged.value).map(({ tax }) => tax.amount.minor)).toEqual([2_819n, 486n]);
    expect(judged.value).toMatchObject({
      net: { minor: 40_800n },
      tax: { minor: 3_305n },
      total: { minor: 44_105n },
    });
  });

  test.each<[string, string[]]>([
    ['3480.00', []],
    ['3480', []],
    ['3480.01', ['PRICE_CHANGED expectedTotal']],
    ['0', ['PRICE_CHANGED expectedTotal']],
    ['3480.001', ['INVALID_VALUE expectedTotal']],
  ])('when %s is expected: %j', (expectedTotal, expected) => {
    expect(refusals({ expectedTotal, actions: [create()] })).toEqual(expected);
  });

  test('a changed price names both totals', () => {
    const judged = judgeOrder({ expectedTotal: '3400.00', actions: [create()] }, facts());
    expect(judged.ok ? '' : judged.error[0]?.message).toMatch(/3480\.00 USD.*3400\.00 USD/);
  });

  test('without a known tax rate nothing is sold', () => {
    const given = facts({ tax: err('RATE_UNKNOWN') });
    expect(refusals({ actions: [create({ quantity: 0 })] }, given)).toEqual([
      'TAX_RATE_UNKNOWN accountId',
      `QUANTITY_OUT_OF_RANGE ${plan}.quantity`,
    ]);
  });
});
