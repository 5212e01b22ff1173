import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { inColumn, visibleTo } from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';
import { silentAfterDays } from '../domain/activation/instance.js';

/**
 * Who may see which row of licenses, for every table in this one place. The queries call the tables by the alias that
 * each function names.
 */

/** True for a `deployment AS d` of an account that the viewer may see whole. */
export function deploymentVisibleWhole(viewer: Viewer, now: Date): Sql {
  return visibleTo(viewer, now, { ACCOUNT: 'd.account_id', deployment: inColumn('d.id') });
}

/** True for a `billing_subscription AS s` that was granted by itself. */
export function subscriptionGranted(viewer: Viewer, now: Date): Sql {
  return visibleTo(viewer, now, { SUBSCRIPTION: 's.id', deployment: inColumn('s.deployment_id') });
}

/**
 * True for a `deployment AS d` that the viewer may see: its account's own, or one with a subscription of its account that was
 * granted: what an earlier account had of it opens nothing.
 */
export function deploymentVisible(viewer: Viewer, now: Date): Sql {
  return sql`(${deploymentVisibleWhole(viewer, now)} OR EXISTS (
      SELECT FROM billing_subscription AS s
      WHERE s.deployment_id = d.id AND s.account_id = d.account_id AND ${subscriptionGranted(viewer, now)}))`;
}

/**
 * True for a `deployment AS d` that is the viewer's own: what it reported, and who has its seats, is for its account and inside the
 * company alone.
 */
export function deploymentOwn(viewer: Viewer, now: Date): Sql {
  switch (viewer.audience) {
    case 'product':
    case 'internal':
      return deploymentVisibleWhole(viewer, now);
    case 'partner':
      return sql`FALSE`;
    default:
      return assertNever(viewer);
  }
}

/** True for a `usage_notice AS n`: how mails are sent is our own people's alone. */
export function usageNoticeVisible(viewer: Viewer): Sql {
  return viewer.audience === 'internal' ? sql`TRUE` : sql`FALSE`;
}

/** True for a `license AS l` of an account that the viewer may see. Partners see none, not even of customers. */
export function licenseVisible(viewer: Viewer, now: Date): Sql {
  switch (viewer.audience) {
    case 'product':
    case 'internal':
      return visibleTo(viewer, now, { ACCOUNT: 'l.account_id', deployment: inColumn('l.deployment_id') });
    case 'partner':
      return sql`FALSE`;
    default:
      return assertNever(viewer);
  }
}

/**
 * True for a `deployment AS d` whose activation codes and instances the viewer may see and change: its account's own people and
 * machines, and the company. Partners see none, not even of customers.
 */
export function deploymentRunBy(viewer: Viewer, now: Date): Sql {
  if (viewer.audience === 'partner') return sql`FALSE`;
  return deploymentVisibleWhole(viewer, now);
}

/**
 * True for what happened to a `deployment AS d` at an instant, when the account that runs it now ran it then: what others had of it
 * stays theirs, and is for nobody but them and the company.
 * @param instant an expression of the instant
 */
export function heldThen(viewer: Viewer, instant: Sql): Sql {
  if (viewer.audience === 'internal') return sql`TRUE`;
  return sql`NOT EXISTS (
    SELECT FROM (
      SELECT m.account_id FROM deployment_move AS m
      WHERE m.deployment_id = d.id AND m.until >= ${instant} ORDER BY m.until LIMIT 1) AS holder
    WHERE holder.account_id <> d.account_id)`;
}

/** As `heldThen`, of an `instance AS i`: what is in use, or was after the deployment moved, is whose the deployment is now. */
export function instanceHeld(viewer: Viewer): Sql {
  return heldThen(viewer, sql`COALESCE(i.ended_at, i.last_seen_at + ${`${silentAfterDays} days`}::interval)`);
}

/** True for an `entitlement_grant AS g`: who gave what, and why, is the company's own. */
export function entitlementGrantVisible(viewer: Viewer): Sql {
  return viewer.audience === 'internal' ? sql`TRUE` : sql`FALSE`;
}
