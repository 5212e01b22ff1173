import sql, { type Sql } from 'sql-template-tag';

/** The columns of each table under the names of its row type, for `SELECT`; tables go by these aliases everywhere. */

export const partnerColumns: Sql = sql`
  p.id, p.name, p.kind, p.contact_email AS "contactEmail", p.account_id AS "accountId",
  p.distributor_id AS "distributorId", p.time_zone AS "timeZone", p.registered_at AS "registeredAt", p.version`;

/** A partner's agreements by their start, in one column; the rate as text, because a JSON number is a float. */
export const agreementsColumn: Sql = sql`
  (SELECT coalesce(json_agg(json_build_object(
            'id', a.id, 'startDate', a.start_date, 'endDate', a.end_date,
            'commissionRatePercent', a.commission_rate_percent::text) ORDER BY a.start_date), '[]')
   FROM partner_agreement AS a WHERE a.partner_id = p.id)`;

export const relationshipColumns: Sql = sql`
  r.id, r.partner_id AS "partnerId", r.account_id AS "accountId", r.since, r.until, r.version`;

export const commissionColumns: Sql = sql`
  c.id, c.partner_id AS "partnerId", c.order_id AS "orderId", c.invoice_id AS "invoiceId",
  c.reverses_invoice_id AS "reversesInvoiceId", c.currency,
  c.base_minor AS "baseMinor", c.rate_percent AS "ratePercent", c.amount_minor AS "amountMinor",
  c.earned_at AS "earnedAt"`;
