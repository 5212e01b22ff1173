import sql, { join, raw, type Sql } from 'sql-template-tag';
import { assertNever } from '../../domain/result.js';
import { namedDeployment, type Viewer } from '../../domain/viewer.js';
import type { GrantRow } from './grants.js';

/**
 * The columns of a row by which it can be granted, as written in the query (`o.account_id`). A row is visible when the
 * viewer holds a valid grant on one of these objects; which of them are named is each table's decision.
 */
export type GrantColumns = Partial<Record<GrantRow['objectKind'], string>>;

/** The condition that a row is of this deployment and of no other: besides the grant, what a token that names one must meet. */
export type OfDeployment = (deploymentId: string) => Sql;

/** Rows that say which deployment they are of in a column, as written in the query. */
export const inColumn =
  (column: string): OfDeployment =>
  (deploymentId) =>
    sql`${raw(column)} = ${deploymentId}::uuid`;

/** Rows of an account as such, which tell nothing of any deployment: its name, its currency, who sells to it. */
export const ofWholeAccount: OfDeployment = () => sql`TRUE`;

/** Rows that may be about several deployments, or of the account's money: no token of one deployment sees any. */
export const notOfOneDeployment: OfDeployment = () => sql`FALSE`;

/** How a table says who may see its rows. Each has to say how its rows belong to deployments. */
export interface VisibilityColumns extends GrantColumns {
  readonly deployment: OfDeployment;
}

/**
 * The condition that limits a query to what the viewer may see: the one place where a viewer becomes SQL.
 * Internal viewers see every row (what they may ask is limited by their scopes). Everybody else sees what a grant
 * names, and without a grant nothing; a product that works for one deployment, what is of that one besides.
 *
 * @param now the instant at which grants must be valid
 * @param columns trusted names from our own code, never input
 */
export function visibleTo(viewer: Viewer, now: Date, columns: VisibilityColumns): Sql {
  const { deployment, ...grants } = columns;
  const named = namedDeployment(viewer);
  if (named !== null) return sql`(${deployment(named)} AND ${grantedTo(viewer, now, grants)})`;
  return grantedTo(viewer, now, grants);
}

function grantedTo(viewer: Viewer, now: Date, columns: GrantColumns): Sql {
  switch (viewer.audience) {
    case 'internal':
      return sql`TRUE`;
    case 'product':
      return granted('ACCOUNT', viewer.accountId, now, columns);
    case 'partner':
      return granted('PARTNER', viewer.partnerId, now, columns);
    default:
      return assertNever(viewer);
  }
}

/** The kinds are names of our own, and stand in the text: a value that is always the same need not be sent each time. */
function granted(
  subjectKind: GrantRow['subjectKind'],
  subjectId: string,
  now: Date,
  columns: GrantColumns,
): Sql {
  const objects = Object.entries(columns).map(
    ([kind, column]) => sql`(g.object_kind = ${raw(`'${kind}'`)} AND g.object_id = ${raw(column)})`,
  );
  if (objects.length === 0) return sql`FALSE`;
  return sql`EXISTS (
    SELECT FROM viewer_grant AS g
    WHERE g.subject_kind = ${raw(`'${subjectKind}'`)} AND g.subject_id = ${subjectId}
      AND g.valid_from <= ${now} AND (g.valid_until IS NULL OR g.valid_until > ${now})
      AND (${join(objects, ' OR ')}))`;
}

/** Joins conditions with AND; no condition is no restriction. */
export function allOf(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`TRUE` : join([...conditions], ' AND ');
}
