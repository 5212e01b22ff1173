import { commissionsOn, type InvoicePosting } from '../domain/commission.js';
import type { PartnersUnitOfWork } from './unit-of-work.js';

/**
 * Records what the partner of record earned on a posted document, and what the document takes back of what was earned before.
 * @throws when there is no such partner: others know partners from this service alone, so the event is not lost but
 * stays with the bus until somebody has looked
 */
export async function earnCommission(
  work: Pick<PartnersUnitOfWork, 'partners' | 'commissions'>,
  partnerId: string,
  posting: InvoicePosting,
): Promise<void> {
  const partner = await work.partners.find(partnerId);
  if (!partner)
    throw new Error(`Invoice ${posting.invoiceId} names partner ${partnerId}, which is not known`);
  const credited = posting.credits.map(({ invoiceId }) => invoiceId);
  const earlier = await work.commissions.onInvoices(partnerId, credited);
  await work.commissions.add(commissionsOn(posting, partner, earlier));
}
