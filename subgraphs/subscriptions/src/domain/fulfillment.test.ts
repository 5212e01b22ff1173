import type { AgreementAction } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { AgreedItem, Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import { billedUntil } from '@fulfillment/kernel/domain/agreement/billed';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { isCurrency } from '@fulfillment/kernel/domain/money';
import type { AccountPayload, OrderPayload } from '@fulfillment/schema/events/orders';
import { describe, expect, it, test } from 'vitest';
import {
  aiAddOn,
  exampleAccount,
  exampleAgreement,
  exampleChangeOrder,
  type ExampleOrder,
  exampleOrder,
  freePlan,
  premium,
} from '../../test/example-order.js';
import { toAccount, toPlacedOrder } from '../service/contract-to-domain.js';
import { dueWork } from './due-work.js';
import { billingDayOf, fulfillOrder, type HeldContract } from './fulfillment.js';

const customer = exampleAccount('Customer');
const receiver = exampleAccount('Receiver', { billingTimeZone: 'Pacific/Auckland' });
const partner = exampleAccount('Partner', { billingTimeZone: 'Pacific/Auckland', legalEntityCode: 'EU' });
const at = new Date('2026-11-24T07:30:00Z');

interface Given {
  readonly soldTo?: AccountPayload;
  readonly invoiceOwner?: AccountPayload;
  readonly known?: readonly AccountPayload[];
  readonly held?: readonly HeldContract[];
}

function fulfill(
  order: OrderPayload,
  { soldTo = customer, invoiceOwner = soldTo, known = [], held = [] }: Given = {},
) {
  const accounts = {
    soldTo: toAccount(soldTo),
    invoiceOwner: toAccount(invoiceOwner),
    known: new Map(known.map((account) => [account.id, toAccount(account)])),
  };
  const facts = { seatsSettledUntil: new Map(), accounts, held: new Map(held.map((one) => [one.id, one])) };
  return fulfillOrder(toPlacedOrder(order), facts, at);
}

function fulfilled(order: OrderPayload, given: Given = {}) {
  const result = fulfill(order, given);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('an order that creates subscriptions', () => {
  const example = { name: 'two', soldTo: customer, subscriptions: [[premium, aiAddOn], [premium]] };

  it('makes the first version of each', () => {
    const order = exampleOrder(example);
    const { created, changed } = fulfilled(order);
    expect(changed).toEqual([]);
    expect(created.map(({ id }) => id)).toEqual(order.actions.map((action) => action.subscriptionId));
    expect(created[0]).toEqual({
      id: order.actions[0]?.subscriptionId,
      deployment: order.actions[0]?.deployment,
      currency: 'USD',
      versions: [
        {
          version: 1,
          cause: 'ORDER',
          orderId: order.id,
          recordedBy: 'person:buyer@example.com',
          recordedAt: at,
          effectiveOn: '2026-11-23',
          accountId: customer.id,
          invoiceOwnerAccountId: customer.id,
          partnerOfRecordId: null,
          distributorId: null,
          billingTimeZone: 'America/Los_Angeles',
          agreement: exampleAgreement(example, [premium, aiAddOn]),
        },
      ],
    });
  });

  it('comes to the same each time', () => {
    const order = exampleOrder(example);
    expect(fulfilled(order)).toEqual(fulfilled(order));
  });

  it('keeps the partner who sells, and the sold-to’s own time zone', () => {
    const sale: ExampleOrder = {
      ...example,
      name: 'sold',
      invoiceOwner: partner,
      partnerId: 'reseller',
      distributorId: 'distributor',
    };
    const [{ versions } = { versions: [] }] = fulfilled(exampleOrder(sale), {
      invoiceOwner: partner,
    }).created;
    expect(versions[0]).toMatchObject({
      accountId: customer.id,
      invoiceOwnerAccountId: partner.id,
      partnerOfRecordId: 'reseller',
      distributorId: 'distributor',
      billingTimeZone: 'America/Los_Angeles',
    });
  });

  it('costs nothing with a free plan', () => {
    const order = exampleOrder({ name: 'free', soldTo: customer, subscriptions: [[freePlan]] });
    expect(order.total.minor).toBe('0');
    expect(fulfilled(order).created).toHaveLength(1);
  });

  it('changes what it creates by its further actions', () => {
    const order = exampleOrder({ name: 'both', soldTo: customer });
    const [create] = order.actions;
    if (create === undefined) throw new Error('The order creates a subscription');
    const transfer = {
      ...create,
      id: derivedId('test-action', 'both', 1),
      position: 2,
      change: { kind: 'TRANSFER_OWNER' as const, accountId: receiver.id },
    };
    const { created } = fulfilled({ ...order, actions: [transfer, create] }, { known: [receiver] });
    expect(created[0]?.versions.map(({ version, accountId }) => [version, accountId])).toEqual([
      [1, customer.id],
      [2, receiver.id],
    ]);
  });
});

const began: ExampleOrder = {
  name: 'began',
  soldTo: customer,
  effectiveDate: '2026-01-01',
  agreement: { billing: { period: 'MONTH', anchor: localDate('2026-01-01'), policy: 'ACTUAL_DAYS' } },
};

/** A subscription of the customer's since January, billed by the month, and brought up to a day. */
function heldOn(day: string, changes: Partial<Agreement> = {}): HeldContract {
  const agreement = { ...exampleAgreement(began, [premium, aiAddOn]), ...changes };
  const [first] = fulfilled(
    exampleOrder({ name: 'began', soldTo: customer, effectiveDate: '2026-01-01' }),
  ).created;
  if (first === undefined || !isCurrency(customer.currency))
    throw new Error('The order creates a subscription');
  const head = { ...first.versions[0], agreement };
  const state = { head, billedUntil: billedUntil(agreement, agreement.term.startDate) };
  const done = dueWork(state, { through: localDate(day), beforeTermEnd: true, at });
  return { ...first, number: 'S-1', head: done.head, billedUntil: done.billedUntil };
}

function changing(
  held: HeldContract,
  effectiveDate: string,
  change: AgreementAction,
  placedAt?: string,
): OrderPayload {
  const base = {
    name: change.kind,
    soldTo: customer,
    effectiveDate,
    ...(placedAt === undefined ? {} : { placedAt }),
  };
  return exampleChangeOrder(base, [
    { subscriptionId: held.id, baseVersion: held.head.version, before: held.head.agreement, change },
  ]);
}

const toTwenty: AgreementAction = {
  kind: 'CHANGE_QUANTITY',
  productCode: 'PREMIUM',
  quantity: 20,
  when: 'NOW',
};
const noon = (day: string) => `${day}T20:00:00.000Z`;

describe('an order that changes a subscription', () => {
  it('makes its next version, and keeps the rest', () => {
    const held = heldOn('2026-03-10');
    const { changed } = fulfilled(changing(held, '2026-03-10', toTwenty), { held: [held] });
    expect(changed).toHaveLength(1);
    const [version] = changed[0]?.versions ?? [];
    expect(version).toMatchObject({
      version: 2,
      cause: 'ORDER',
      effectiveOn: '2026-03-10',
      accountId: customer.id,
    });
    expect(version?.agreement.items.map(({ quantity }) => quantity)).toEqual([20, 5]);
  });

  it('builds each action on the ones before, in the order of their positions', () => {
    const held = heldOn('2026-03-10');
    const first = changing(held, '2026-03-10', toTwenty);
    const cancel = changing(
      { ...held, head: { ...held.head, agreement: withQuantity(held, 20) } },
      '2026-03-10',
      {
        kind: 'CANCEL',
        on: localDate('2026-03-10'),
      },
    );
    const both = combined(first, cancel);
    const { changed } = fulfilled(both, { held: [held] });
    expect(changed[0]?.versions.map(({ version, agreement }) => [version, agreement.canceledOn])).toEqual([
      [2, null],
      [3, '2026-03-10'],
    ]);
  });

  it('gives it to another account, which pays from then on and whose day counts', () => {
    const held = heldOn('2026-03-10');
    const transfer: AgreementAction = { kind: 'TRANSFER_OWNER', accountId: receiver.id };
    const { changed } = fulfilled(changing(held, '2026-03-10', transfer), {
      held: [held],
      known: [receiver],
    });
    expect(changed[0]?.versions[0]).toMatchObject({
      accountId: receiver.id,
      invoiceOwnerAccountId: receiver.id,
      billingTimeZone: 'Pacific/Auckland',
    });
  });

  it('bills by its own day, or by the day on which it was dated back', () => {
    const held = heldOn('2026-03-10');
    const dayOf = (on: string, placedAt: string) =>
      billingDayOf(toPlacedOrder(changing(held, on, toTwenty, placedAt)), customer.billingTimeZone);
    expect(dayOf('2026-03-10', '2026-03-11T06:59:59.000Z')).toBe('2026-03-10');
    expect(dayOf('2026-03-10', '2026-03-11T07:00:00.000Z')).toBe('2026-03-11');
    expect(dayOf('2026-06-01', noon('2026-03-10'))).toBe('2026-06-01');
  });
});

describe('what is refused', () => {
  const bad = () => exampleOrder({ name: 'bad', soldTo: customer });
  const euros = exampleAccount('Euros', { currency: 'EUR' });
  const held = heldOn('2026-03-10');

  test.each<[string, () => ReturnType<typeof fulfill>, string, RegExp]>([
    [
      'a currency that the invoice owner has not',
      () => fulfill({ ...bad(), currency: 'EUR' }),
      'CURRENCY_MISMATCH',
      /in EUR; .* has USD/,
    ],
    [
      'a receiver with another currency',
      () =>
        fulfill(changing(held, '2026-03-10', { kind: 'TRANSFER_OWNER', accountId: euros.id }), {
          held: [held],
          known: [euros],
        }),
      'CURRENCY_MISMATCH',
      /in USD; .* has EUR/,
    ],
    [
      'a cent more',
      () => fulfill({ ...bad(), total: { minor: '348001', currency: 'USD' } }),
      'PRICE_CHANGED',
      /come to 3480\.00 USD/,
    ],
    ['no plan', () => fulfill(creating([aiAddOn])), 'PLAN_INVALID', /exactly one plan/],
    [
      'a subscription that is not there',
      () => fulfill(changing(held, '2026-03-10', toTwenty)),
      'SUBSCRIPTION_NOT_FOUND',
      /no subscription/,
    ],
    [
      'another version',
      () =>
        fulfill(changing(held, '2026-03-10', toTwenty), {
          held: [{ ...held, head: { ...held.head, version: 2 } }],
        }),
      'SUBSCRIPTION_CHANGED',
      /at version 1 and is at version 2/,
    ],
    [
      'a day before the newest version',
      () =>
        fulfill(changing(held, '2026-03-10', toTwenty), {
          held: [{ ...held, head: { ...held.head, effectiveOn: localDate('2026-03-11') } }],
        }),
      'SUBSCRIPTION_CHANGED',
      /changed as of 2026-03-11/,
    ],
    [
      'what the agreement refuses',
      () => fulfill(changing(held, '2026-03-10', { kind: 'RESUME' }), { held: [held] }),
      'NOT_SUSPENDED',
      /not suspended/,
    ],
  ])('%s', (_, attempt, code, message) => {
    const refused = attempt();
    expect(refused).toMatchObject({ ok: false, error: { code } });
    expect(refused.ok ? '' : refused.error.message).toMatch(message);
  });

  test('an order that comes when the next period, which its preview did not know, is billed', () => {
    // Placed late on 31 March, and carried out after the bills of 1 April: April would be billed twice.
    const order = changing(heldOn('2026-03-31'), '2026-03-31', toTwenty, '2026-04-01T06:30:00.000Z');
    expect(fulfill(order, { held: [heldOn('2026-03-31')] }).ok).toBe(true);
    const late = fulfill(order, { held: [heldOn('2026-04-01')] });
    expect(late).toMatchObject({ ok: false, error: { code: 'SUBSCRIPTION_CHANGED' } });
    expect(late.ok ? '' : late.error.message).toMatch(
      /billed up to 2026-04-01, and is billed up to 2026-05-01/,
    );
  });

  test('all of it, when one of its actions is', () => {
    const resume = changing(held, '2026-03-10', { kind: 'RESUME' });
    const refused = fulfill(combined(changing(held, '2026-03-10', toTwenty), resume), { held: [held] });
    expect(refused).toMatchObject({ ok: false, error: { code: 'NOT_SUSPENDED' } });
  });
});

function creating(items: readonly AgreedItem[]): OrderPayload {
  return exampleOrder({ name: 'bad', soldTo: customer, subscriptions: [items] });
}

function withQuantity({ head: { agreement } }: HeldContract, quantity: number): Agreement {
  return {
    ...agreement,
    items: agreement.items.map((item) => (item.productKind === 'PLAN' ? { ...item, quantity } : item)),
  };
}

/** One order with the actions and lines of two, told in the wrong order. */
function combined(first: OrderPayload, second: OrderPayload): OrderPayload {
  const total = BigInt(first.total.minor) + BigInt(second.total.minor);
  return {
    ...first,
    actions: [...second.actions.map((action) => ({ ...action, position: 2 })), ...first.actions],
    charges: [...first.charges, ...second.charges],
    total: { ...first.total, minor: total.toString() },
  };
}
