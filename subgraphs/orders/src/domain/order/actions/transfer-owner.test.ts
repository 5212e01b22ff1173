import { describe, expect, test } from 'vitest';
import { draftOf, internal, refusals } from '../../../../fixtures/judged.js';
import {
  accountId,
  agreedYear,
  orderFacts,
  subscribed,
  subscriptionId,
} from '../../../../fixtures/order-facts.js';
import type { OrderFacts, SubscriptionFacts } from '../facts.js';

describe('a transfer', () => {
  const receiver = '00000000-0000-4000-8000-0000000000ff';
  const payer = { ...orderFacts().buyer.invoiceOwner, id: receiver };
  const receivers = new Map([
    [receiver, payer],
    [accountId, { ...payer, id: accountId }],
  ]);
  const given = (facts: Partial<OrderFacts> = {}, subscription: Partial<SubscriptionFacts> = {}) =>
    subscribed(agreedYear(), subscription, { ...internal, receivers, ...facts });
  const give = (toAccountId = receiver) => ({ transferOwner: { subscriptionId, toAccountId } });

  test('changes neither the agreement nor what was billed', () => {
    const draft = draftOf(given(), [give()]);
    expect(draft.actions[0]?.change).toEqual({ kind: 'TRANSFER_OWNER', accountId: receiver });
    expect(draft).toMatchObject({ actions: [{ lines: [] }], total: { minor: 0n } });
  });

  const to = 'actions.0.transferOwner.toAccountId';
  const soldByPartner = { parties: { ...orderFacts().buyer.parties, partnerId: 'p' } };
  test.each<[string, OrderFacts, string, string]>([
    ['by a customer', given({ audience: 'product' }), receiver, `ACCOUNT_NOT_FOUND ${to}`],
    ['to an unknown account', given(), 'nobody', `ACCOUNT_NOT_FOUND ${to}`],
    ['to its owner', given(), accountId, `NOTHING_CHANGES ${to}`],
    [
      'in another currency',
      given({ receivers: new Map([[receiver, { ...payer, currency: 'EUR' }]]) }),
      receiver,
      `CURRENCY_MISMATCH ${to}`,
    ],
    [
      'to a sandbox account',
      given({ receivers: new Map([[receiver, { ...payer, legalEntityCode: 'SANDBOX' }]]) }),
      receiver,
      `ACCOUNT_NOT_FOUND ${to}`,
    ],
    [
      'of what a partner sold',
      given({}, soldByPartner),
      receiver,
      'SOLD_BY_PARTNER actions.0.transferOwner.subscriptionId',
    ],
  ])('%s is refused', (_, facts, toAccountId, expected) => {
    expect(refusals(facts, [give(toAccountId)])).toEqual([expected]);
  });

  test('is the last action on its subscription', () => {
    expect(refusals(given(), [give(), { suspend: { subscriptionId } }])).toEqual([
      'ACTION_INVALID actions.1.suspend',
    ]);
  });
});
