import { moneyToPayload } from '@fulfillment/kernel/domain/money-forms';
import type { GrantPayload } from '@fulfillment/schema/events/envelope';
import type { CommissionEarnedPayload, PartnerPayload } from '@fulfillment/schema/events/partners';
import type { Commission } from '../domain/commission.js';
import type { Grant } from '../domain/grants.js';
import type { Partner } from '../domain/partner.js';

/** The whole state of a partner as other services get it. */
export function partnerPayload(partner: Partner): PartnerPayload {
  const { id, name, kind, contactEmail, accountId, distributorId } = partner;
  return { id, name, kind, contactEmail, accountId, distributorId };
}

/** A grant as other services get it. */
export function grantPayload({ subject, object, from, until }: Grant): GrantPayload {
  return { subject, object, from: from.toISOString(), until: until?.toISOString() ?? null };
}

/** What a partner earned, as it goes into the books. */
export function commissionPayload({
  id,
  partnerId,
  invoiceId,
  amount,
  earnedAt,
}: Commission): CommissionEarnedPayload {
  return { id, partnerId, invoiceId, amount: moneyToPayload(amount), earnedAt: earnedAt.toISOString() };
}
