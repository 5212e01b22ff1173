import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { expect, test } from 'vitest';
import { asSeenBy } from './discretion.js';
import type { Order } from './order.js';

const common = { subject: 's', scopes: new Set<string>() };
const user: Viewer = { ...common, audience: 'product', accountId: 'user', deploymentId: null };
const payer: Viewer = { ...common, audience: 'product', accountId: 'payer', deploymentId: null };
const partner: Viewer = { ...common, audience: 'partner', partnerId: 'partner' };
const internal: Viewer = { ...common, audience: 'internal' };

test.each<[string, Viewer, string, boolean]>([
  ['its user', user, 'user', true],
  ['its user, when a partner pays', user, 'payer', false],
  ['the one who pays', payer, 'payer', true],
  ['the partner', partner, 'payer', true],
  ['the company', internal, 'payer', true],
])('the prices of an order are shown to %s: %s', (_, viewer, invoiceOwnerAccountId, isShown) => {
  const total = { minor: 1n, currency: 'USD' } as const;
  const order = { accountId: 'user', invoiceOwnerAccountId, lines: [{}], total } as unknown as Order;
  const seen = asSeenBy(viewer, order);
  expect([seen.lines.length, seen.total]).toEqual(isShown ? [1, total] : [0, null]);
});
