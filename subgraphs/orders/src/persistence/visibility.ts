import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import {
  inColumn,
  notOfOneDeployment,
  type OfDeployment,
  ofWholeAccount,
  visibleTo,
} from '@fulfillment/kernel/server/visibility/visibility';
import sql, { raw, type Sql } from 'sql-template-tag';

/**
 * Who may see which row of orders, for every table in this one place. The queries call the tables by the alias that each
 * function names. The price list is public: it has no function here.
 */

/** True for an `account AS a` of the viewer's own, or one whose profile a partner may see. */
export function accountVisible(viewer: Viewer, now: Date): Sql {
  return visibleTo(viewer, now, { ACCOUNT: 'a.id', ACCOUNT_PROFILE: 'a.id', deployment: ofWholeAccount });
}

/** True for a `contact AS c` of an account that the viewer may see whole: a profile has no contacts. */
export function contactVisible(viewer: Viewer, now: Date): Sql {
  return visibleTo(viewer, now, { ACCOUNT: 'c.account_id', deployment: ofWholeAccount });
}

/**
 * True for an `account AS a` whose contacts the viewer may set: its own, and any for the company. A partner may set nobody's:
 * whoever is named receives licenses of the account, those that others sold to it too. So a product that works for one
 * deployment may set none either: the licenses of the others would go to whom it names.
 */
export function contactSettable(viewer: Viewer, now: Date): Sql {
  switch (viewer.audience) {
    case 'internal':
      return sql`TRUE`;
    case 'product':
      return visibleTo(viewer, now, { ACCOUNT: 'a.id', deployment: notOfOneDeployment });
    case 'partner':
      return sql`FALSE`;
    default:
      return assertNever(viewer);
  }
}

/** True for an `orders AS o` of an account that the viewer may see whole (sold-to), or that was granted by itself. */
export function orderVisible(viewer: Viewer, now: Date): Sql {
  return visibleTo(viewer, now, { ACCOUNT: 'o.account_id', ORDER: 'o.id', deployment: ofOrder });
}

/**
 * True for a `quote AS q` that was sent to the viewer, who would pay, or that is of a sale of the viewer's; a partner sees
 * its own drafts too. The sold-to of a partner's sale sees nothing of it: what the partner is offered is not its business.
 */
export function quoteVisible(viewer: Viewer, now: Date): Sql {
  const sent = sql`EXISTS (SELECT FROM quote_event AS sent WHERE sent.quote_id = q.id AND sent.step = 'SEND')`;
  switch (viewer.audience) {
    case 'internal':
      return sql`TRUE`;
    case 'product':
      return sql`${sent} AND ${visibleTo(viewer, now, { ACCOUNT: 'q.invoice_owner_account_id', deployment: ofDraft('q.draft') })}`;
    case 'partner':
      return sql`(${sent} OR q.maker = 'partner' AND q.seller_id = ${viewer.partnerId})
        AND ${visibleTo(viewer, now, { ACCOUNT: 'q.invoice_owner_account_id', QUOTE: 'q.id', deployment: ofDraft('q.draft') })}`;
    default:
      return assertNever(viewer);
  }
}

/** True for a `checkout AS c` of an account that the viewer may see whole. */
export function checkoutVisible(viewer: Viewer, now: Date): Sql {
  return visibleTo(viewer, now, { ACCOUNT: 'c.account_id', deployment: ofDraft('c.draft') });
}

/** True for a `known_partner AS p` that was granted. */
export function partnerVisible(viewer: Viewer, now: Date): Sql {
  return visibleTo(viewer, now, { PARTNER: 'p.id', deployment: ofWholeAccount });
}

/**
 * True for a `known_deployment AS d` of an account that the viewer may see whole; for a product that works for one
 * deployment, for that one alone. A partner sees none by way of its own account: offers and leads are not its business.
 */
export function deploymentVisible(viewer: Viewer, now: Date): Sql {
  switch (viewer.audience) {
    case 'internal':
      return sql`TRUE`;
    case 'product':
      return visibleTo(viewer, now, { ACCOUNT: 'd.account_id', deployment: inColumn('d.id') });
    case 'partner':
      return sql`FALSE`;
    default:
      return assertNever(viewer);
  }
}

/**
 * True for a `known_subscription AS s` that the viewer may change: of its own account, and for a partner one that it sold, or
 * stands behind as distributor. What a partner sold is the partner's to change, which an order says in its own words.
 */
export function subscriptionChangeable(viewer: Viewer, now: Date): Sql {
  switch (viewer.audience) {
    case 'internal':
      return sql`TRUE`;
    case 'product':
      return visibleTo(viewer, now, { ACCOUNT: 's.account_id', deployment: inColumn('s.deployment_id') });
    case 'partner':
      return sql`(s.partner_of_record_id = ${viewer.partnerId} OR s.distributor_id = ${viewer.partnerId})
        AND ${visibleTo(viewer, now, { SUBSCRIPTION: 's.id', deployment: inColumn('s.deployment_id') })}`;
    default:
      return assertNever(viewer);
  }
}

/**
 * True for an `account AS a` that the viewer may buy for: its own, and for a partner a customer of its own. A partner
 * that sees its own account does not buy for itself. What is bought for which deployment, the order is judged by.
 */
export function accountBuyable(viewer: Viewer, now: Date): Sql {
  switch (viewer.audience) {
    case 'internal':
      return sql`TRUE`;
    case 'product':
      return visibleTo(viewer, now, { ACCOUNT: 'a.id', deployment: ofWholeAccount });
    case 'partner':
      return visibleTo(viewer, now, { ACCOUNT_PROFILE: 'a.id', deployment: ofWholeAccount });
    default:
      return assertNever(viewer);
  }
}

/** True for rules of offers and of leads, and for leads themselves: they are our own people's alone. */
export function internalOnly(viewer: Viewer): Sql {
  switch (viewer.audience) {
    case 'internal':
      return sql`TRUE`;
    case 'product':
    case 'partner':
      return sql`FALSE`;
    default:
      return assertNever(viewer);
  }
}

/** An order of which every action is for the deployment: by the subscription that it creates, or by that which it changes. */
function ofOrder(deploymentId: string): Sql {
  return sql`NOT EXISTS (
  SELECT FROM order_action AS action
  LEFT JOIN known_subscription AS changed ON changed.id = action.subscription_id
  WHERE action.order_id = o.id
    AND coalesce(action.deployment_id, changed.deployment_id) IS DISTINCT FROM ${deploymentId}::uuid)`;
}

/** A quote or checkout whose draft (`frozen-draft-json.ts`) is for the deployment alone. */
function ofDraft(column: string): OfDeployment {
  return (deploymentId) => sql`${raw(column)}->'deploymentIds' = ${JSON.stringify([deploymentId])}::jsonb`;
}
