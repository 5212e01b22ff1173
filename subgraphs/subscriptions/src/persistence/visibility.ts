import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import {
  inColumn,
  notOfOneDeployment,
  ofWholeAccount,
  visibleTo,
  type VisibilityColumns,
} from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';

/**
 * By which objects the rows of each table are granted. In queries a subscription is `s`, its head `h`, an invoice `i`, an
 * account `a`. What a table does not name here grants nothing of it: the sold-to account of a partner sale sees the
 * subscription and never the invoice. Of what is billed together a product that works for one deployment sees nothing.
 */
export const subscriptionVisibility: VisibilityColumns = {
  ACCOUNT: 'h.account_id',
  SUBSCRIPTION: 'h.subscription_id',
  deployment: inColumn('s.deployment_id'),
};

export const invoiceVisibility: VisibilityColumns = {
  ACCOUNT: 'i.invoice_owner_account_id',
  deployment: notOfOneDeployment,
};

/** A credit memo `c`, by the account that gets the credit. */
export const creditMemoVisibility: VisibilityColumns = {
  ACCOUNT: 'c.invoice_owner_account_id',
  deployment: notOfOneDeployment,
};

/** The books are shown inside the company alone: no grant opens them. */
export const booksVisibility: VisibilityColumns = { deployment: notOfOneDeployment };

/** The account itself, as orders shows it: a partner sees the profile of whom it sells to. */
export const accountProfileVisibility: VisibilityColumns = {
  ACCOUNT: 'a.id',
  ACCOUNT_PROFILE: 'a.id',
  deployment: ofWholeAccount,
};

/** What an account owes and has, for whatever it was billed. */
export const accountVisibility: VisibilityColumns = { ACCOUNT: 'a.id', deployment: notOfOneDeployment };

/** What an order of the account would use of its credit: as a part of its price, for whomever may order. */
export const creditForOrdersVisibility: VisibilityColumns = { ACCOUNT: 'a.id', deployment: ofWholeAccount };

/**
 * True for a partner `p` whose name and address the viewer may see, as partners shows them: customers see whom they buy from,
 * partners themselves and their resellers, and a reseller its distributor too.
 */
export function partnerVisibleTo(viewer: Viewer, now: Date): Sql {
  const itself = visibleTo(viewer, now, { PARTNER: 'p.id', deployment: ofWholeAccount });
  if (viewer.audience !== 'partner') return itself;
  return sql`(${itself} OR EXISTS (
    SELECT FROM partner AS reseller
    WHERE reseller.distributor_id = p.id AND ${visibleTo(viewer, now, { PARTNER: 'reseller.id', deployment: notOfOneDeployment })}))`;
}
