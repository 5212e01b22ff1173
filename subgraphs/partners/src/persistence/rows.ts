import { localDate } from '@fulfillment/kernel/domain/calendar';
import { type CurrencyCode, isCurrency, money } from '@fulfillment/kernel/domain/money';
import type { Commission } from '../domain/commission.js';
import type { CustomerRelationship } from '../domain/customer-relationship.js';
import type { Partner } from '../domain/partner.js';
import type { PartnerAgreement } from '../domain/partner-agreement.js';
import type { CommissionRow, CustomerRelationshipRow, PartnerAgreementRow, PartnerRow } from './entities.js';

/** How rows and domain values turn into each other; stores read with the columns named as here. */

export function partnerToRow(partner: Partner): PartnerRow {
  return {
    id: partner.id,
    name: partner.name,
    kind: partner.kind,
    contactEmail: partner.contactEmail,
    accountId: partner.accountId,
    distributorId: partner.distributorId,
    timeZone: partner.timeZone,
    registeredAt: partner.registeredAt,
    version: partner.version,
  };
}

export function partnerFromRow(row: PartnerRow & { agreements: readonly PartnerAgreementRow[] }): Partner {
  const { kind, distributorId, ...rest } = row;
  const partner = { ...rest, agreements: row.agreements.map(agreementFromRow) };
  // The check `partner_tier` keeps distributors without a distributor.
  return kind === 'DISTRIBUTOR'
    ? { ...partner, kind, distributorId: null }
    : { ...partner, kind, distributorId };
}

export function agreementToRow(partnerId: string, agreement: PartnerAgreement): PartnerAgreementRow {
  return { ...agreement, partnerId };
}

export function agreementFromRow(row: Omit<PartnerAgreementRow, 'partnerId'>): PartnerAgreement {
  return {
    id: row.id,
    startDate: localDate(row.startDate),
    endDate: localDate(row.endDate),
    commissionRatePercent: row.commissionRatePercent,
  };
}

export function relationshipToRow(relationship: CustomerRelationship): CustomerRelationshipRow {
  return { ...relationship };
}

export function relationshipFromRow(row: CustomerRelationshipRow): CustomerRelationship {
  return {
    id: row.id,
    partnerId: row.partnerId,
    accountId: row.accountId,
    since: localDate(row.since),
    until: row.until === null ? null : localDate(row.until),
    version: row.version,
  };
}

export function commissionToRow(commission: Commission): CommissionRow {
  const { base, amount, ...rest } = commission;
  return {
    ...rest,
    currency: base.currency,
    baseMinor: base.minor.toString(),
    amountMinor: amount.minor.toString(),
  };
}

export function commissionFromRow(row: CommissionRow): Commission {
  const currency = currencyOf(row);
  return {
    id: row.id,
    partnerId: row.partnerId,
    orderId: row.orderId,
    invoiceId: row.invoiceId,
    reversesInvoiceId: row.reversesInvoiceId,
    base: money(BigInt(row.baseMinor), currency),
    ratePercent: row.ratePercent,
    amount: money(BigInt(row.amountMinor), currency),
    earnedAt: row.earnedAt,
  };
}

function currencyOf({ id, currency }: CommissionRow): CurrencyCode {
  if (!isCurrency(currency)) throw new Error(`Commission ${id} is in an unknown currency ${currency}`);
  return currency;
}
