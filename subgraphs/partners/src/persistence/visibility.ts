import { assertNever } from '@fulfillment/kernel/domain/result';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import {
  type GrantColumns,
  notOfOneDeployment,
  type OfDeployment,
  ofWholeAccount,
  visibleTo,
  type VisibilityColumns,
} from '@fulfillment/kernel/server/visibility/visibility';
import sql, { type Sql } from 'sql-template-tag';

/**
 * Who sees which rows of this service: the columns that a grant must name, by table and audience. Customers hold a
 * grant on each partner that sells to them, which must not open the partner's other customers or its commissions to
 * them: so what a grant on a partner shows differs by audience. (Internal viewers see every row.)
 */
interface TableVisibility {
  readonly product: GrantColumns;
  readonly partner: GrantColumns;
  /** What a product that works for one deployment alone sees of it: who sells to the account is of the account as such. */
  readonly deployment: OfDeployment;
}

const partnerItself: TableVisibility = {
  product: { PARTNER: 'p.id' },
  partner: { PARTNER: 'p.id' },
  deployment: ofWholeAccount,
};
const partnerAgreement: TableVisibility = {
  product: {},
  partner: { PARTNER: 'p.id' },
  deployment: notOfOneDeployment,
};
const resellerOfPartner: TableVisibility = {
  product: {},
  partner: { PARTNER: 'reseller.id' },
  deployment: notOfOneDeployment,
};
const relationship: TableVisibility = {
  product: { ACCOUNT: 'r.account_id' },
  partner: { PARTNER: 'r.partner_id', ACCOUNT: 'r.account_id' },
  deployment: ofWholeAccount,
};
const commission: TableVisibility = {
  product: {},
  partner: { PARTNER: 'c.partner_id' },
  deployment: notOfOneDeployment,
};

/** The viewer at an instant, as conditions on the tables by their aliases (`columns.ts`). */
export interface Sight {
  /** Of `p`: its name and how to reach it. A reseller sees those of its distributor too. */
  readonly partner: Sql;
  /** Of `p`: its account, and what was agreed with it. */
  readonly partnerAgreement: Sql;
  /** Of `r`. */
  readonly relationship: Sql;
  /** Of `c`. */
  readonly commission: Sql;
}

export function sightOf(viewer: Viewer, now: Date): Sight {
  const visible = (table: TableVisibility) => visibleTo(viewer, now, columnsFor(viewer, table));
  return {
    partner: sql`(${visible(partnerItself)} OR EXISTS (
      SELECT FROM partner AS reseller WHERE reseller.distributor_id = p.id AND ${visible(resellerOfPartner)}))`,
    partnerAgreement: visible(partnerAgreement),
    relationship: visible(relationship),
    commission: visible(commission),
  };
}

function columnsFor(viewer: Viewer, table: TableVisibility): VisibilityColumns {
  return { ...grantsFor(viewer, table), deployment: table.deployment };
}

function grantsFor({ audience }: Viewer, table: TableVisibility): GrantColumns {
  switch (audience) {
    case 'product':
      return table.product;
    case 'partner':
      return table.partner;
    case 'internal':
      // Needs none: sees every row.
      return {};
    default:
      return assertNever(audience);
  }
}
