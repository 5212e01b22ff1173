import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { type Agreement, isPartnerSale } from './subscription.js';

/**
 * True when a viewer who may see a subscription may also see who pays for it and at what prices. The sold-to of a partner
 * sale may not: that is between the partner and us.
 */
export function seesSale(
  viewer: Viewer,
  agreement: Pick<Agreement, 'accountId' | 'invoiceOwnerAccountId'>,
): boolean {
  switch (viewer.audience) {
    case 'internal':
    case 'partner':
      return true;
    case 'product':
      return !isPartnerSale(agreement);
    default:
      return assertNever(viewer);
  }
}
