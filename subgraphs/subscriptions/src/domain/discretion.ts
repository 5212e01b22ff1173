import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { isPartnerSale, type Parties } from './subscription.js';

/**
 * True when a viewer who may see a subscription may also see who pays for it and at what prices. The sold-to of a partner
 * sale may not: that is between the partner and us.
 */
export function seesSale(
  viewer: Viewer,
  parties: Pick<Parties, 'accountId' | 'invoiceOwnerAccountId'>,
): boolean {
  switch (viewer.audience) {
    case 'internal':
    case 'partner':
      return true;
    case 'product':
      return !isPartnerSale(parties);
    default:
      return assertNever(viewer);
  }
}
