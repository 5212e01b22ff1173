import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { expect, test } from 'vitest';
import { asSeenBy } from './discretion.js';
import type { Order } from './order.js';

const common = { subject: 's', scopes: new Set<string>() };
const soldTo: Viewer = { ...common, audience: 'product', accountId: 'sold-to', deploymentId: null };
const invoiceOwner: Viewer = {
  ...common,
  audience: 'product',
  accountId: 'invoice-owner',
  deploymentId: null,
};
const partner: Viewer = { ...common, audience: 'partner', partnerId: 'partner' };
const internal: Viewer = { ...common, audience: 'internal' };

test.each<[string, Viewer, string, boolean]>([
  ['its sold-to', soldTo, 'sold-to', true],
  ['its sold-to, when a partner pays', soldTo, 'invoice-owner', false],
  ['its invoice owner', invoiceOwner, 'invoice-owner', true],
  ['the partner', partner, 'invoice-owner', true],
  ['the company', internal, 'invoice-owner', true],
])('the prices of an order are shown to %s: %s', (_, viewer, invoiceOwnerAccountId, isShown) => {
  const total = { minor: 1n, currency: 'USD' } as const;
  const reason = 'PRICE_CHANGED: it was ordered at 1.00 USD';
  const order = {
    accountId: 'sold-to',
    invoiceOwnerAccountId,
    lines: [{}],
    total,
    refusalReason: reason,
    told: [{ reason }],
  } as unknown as Order;
  const seen = asSeenBy(viewer, order);
  expect([seen.lines.length, seen.total]).toEqual(isShown ? [1, total] : [0, null]);
  const reasons = [seen.refusalReason, ...seen.told.map((step) => step.reason)];
  expect(reasons.map((each) => each === reason)).toEqual([isShown, isShown]);
});
