import { z } from 'zod';
import { grantPayload, type TopicContract } from './envelope.js';

export const partnerPayload = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(['DISTRIBUTOR', 'RESELLER']),
  /** The partner's own account, which pays our invoices. */
  accountId: z.uuid(),
  distributorId: z.uuid().nullable(),
});
export type PartnerPayload = z.infer<typeof partnerPayload>;

/** What partners promises to publish. */
export const partnersTopics = {
  'partners.partner': { kind: 'SNAPSHOT', payload: partnerPayload },
  'partners.grant': { kind: 'SNAPSHOT', payload: grantPayload },
} as const satisfies Record<string, TopicContract>;
