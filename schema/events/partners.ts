import { z } from 'zod';
import { grantPayload, moneyPayload, type TopicContract } from './envelope.js';

export const partnerPayload = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(['DISTRIBUTOR', 'RESELLER']),
  /** Where customers write to. */
  contactEmail: z.string(),
  /** The partner's own account, which pays our invoices. */
  accountId: z.uuid(),
  distributorId: z.uuid().nullable(),
});
export type PartnerPayload = z.infer<typeof partnerPayload>;

/**
 * A partner earned a commission, or a credit of what it sold takes one back (then the amounts are negative): adds up to what we owe
 * it, so it is numbered within the partner.
 */
export const commissionEarnedPayload = z.object({
  id: z.uuid(),
  partnerId: z.uuid(),
  /** The invoice or credit memo that it comes from. */
  invoiceId: z.uuid(),
  amount: moneyPayload,
  earnedAt: z.iso.datetime(),
});
export type CommissionEarnedPayload = z.infer<typeof commissionEarnedPayload>;

/** What partners promises to publish. */
export const partnersTopics = {
  'partners.partner': { kind: 'SNAPSHOT', payload: partnerPayload },
  'partners.commission-earned': { kind: 'FACT', payload: commissionEarnedPayload },
  'partners.grant': { kind: 'SNAPSHOT', payload: grantPayload },
} as const satisfies Record<string, TopicContract>;
