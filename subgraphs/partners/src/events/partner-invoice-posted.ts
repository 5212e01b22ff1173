import { isCurrency, money } from '@fulfillment/kernel/domain/money';
import type { PartnerInvoicePostedPayload } from '@fulfillment/schema/events/subscriptions';
import type { InvoicePosting } from '../domain/commission.js';
import { earnCommission } from '../service/earn-commission.js';
import type { PartnersUnitOfWork } from '../service/unit-of-work.js';

/** An invoice was posted for subscriptions that a partner sold: the partner of record earns its commission. */
export async function partnerInvoicePosted(
  payload: PartnerInvoicePostedPayload,
  work: PartnersUnitOfWork,
): Promise<void> {
  await earnCommission(work, payload.partnerId, toPosting(payload));
}

/** @throws when the currency is none that we know: the event then stays with the bus */
export function toPosting({
  invoiceId,
  orderId,
  net,
  credits,
  postedAt,
}: PartnerInvoicePostedPayload): InvoicePosting {
  const { currency } = net;
  if (!isCurrency(currency)) throw new Error(`Invoice ${invoiceId} is in an unknown currency ${currency}`);
  const amount = (minor: string) => money(BigInt(minor), currency);
  return {
    invoiceId,
    orderId,
    net: amount(net.minor),
    credits: credits.map((part) => ({ invoiceId: part.invoiceId, net: amount(part.net.minor) })),
    postedAt: new Date(postedAt),
  };
}
