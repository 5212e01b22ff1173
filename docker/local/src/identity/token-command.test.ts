import { describe, expect, it } from 'vitest';
import type { DemoPointers } from '../seeding/demo-pointers.js';
import { UsageError } from '../usage.js';
import { parseTokenArguments } from './token-command.js';

const other = '7d7f7a2b-5b1f-5d0c-9a49-0b7f0c6a2d77';
const demo: DemoPointers = {
  product: {
    accountId: '0b8c4f5e-5b1f-5d0c-9a49-0b7f0c6a2d11',
    accountName: 'Nordwind',
    deployment: {
      id: '1d0f1a2b-5b1f-5d0c-9a49-0b7f0c6a2d22',
      kind: 'SAAS_NAMESPACE',
      externalId: 'nordwind',
    },
  },
  partner: { partnerId: '2c3d4e5f-5b1f-5d0c-9a49-0b7f0c6a2d33', partnerName: 'Brightline' },
};
const account = demo.product.accountId;

describe('parseTokenArguments', () => {
  it.each<[string[], object]>([
    [['product'], { audience: 'product', account }],
    [['product', '--deployment', other], { audience: 'product', account, deployment: other }],
    [['product', '--account', other.toUpperCase()], { audience: 'product', account: other }],
    [['internal'], { audience: 'internal' }],
    [
      ['internal', '--scopes', ' a:read  b:read ', '--subject', 'ada'],
      { scopes: ['a:read', 'b:read'], subject: 'ada' },
    ],
    [['internal', '--scopes', ''], { scopes: [] }],
    [['partner', '--expires-in', '90m'], { partner: demo.partner.partnerId, expiresInSeconds: 5_400 }],
    [['--partner', other, 'partner'], { partner: other }],
  ])('%j', (args, expected) => {
    expect(parseTokenArguments(args, demo)).toMatchObject(expected);
  });

  it('names no deployment of itself: such a token opens no other one of the account', () => {
    expect(parseTokenArguments(['product'], demo)).toEqual({ audience: 'product', account });
  });

  it('shows its help when asked to', () => {
    expect(parseTokenArguments(['--help'], undefined)).toBeUndefined();
  });

  it.each<[string[], RegExp]>([
    [[], /product, internal or partner/],
    [['customer'], /product, internal or partner/],
    [['product', 'partner'], /product, internal or partner/],
    [['product'], /npm start/],
    [['partner'], /npm start/],
    [['product', '--account', 'Nordwind'], /takes an id/],
    [['internal', '--account', other], /goes with "product"/],
    [['internal', '--expires-in', 'soon'], /12h/],
    [['internal', '--colour', 'red'], /colour/],
  ])('refuses %j without demo data', (args, message) => {
    expect(() => parseTokenArguments(args, undefined)).toThrow(message);
    expect(() => parseTokenArguments(args, undefined)).toThrow(UsageError);
  });
});
