import { decimal, powerOfTen, roundDivide } from '@fulfillment/kernel/domain/decimal';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { money, type Money } from '@fulfillment/kernel/domain/money';
import type { Partner } from './partner.js';
import { agreementInForce } from './partner-agreement.js';

/** What a partner earned on one invoice; negative where the invoice credits. */
export interface Commission {
  readonly id: string;
  readonly partnerId: string;
  readonly orderId: string | null;
  readonly invoiceId: string;
  readonly base: Money;
  /** Decimal text. */
  readonly ratePercent: string;
  readonly amount: Money;
  readonly earnedAt: Date;
}

/** An invoice was posted: the sum of its lines, before tax, that belong to one partner of record. */
export interface InvoicePosting {
  readonly invoiceId: string;
  readonly orderId: string | null;
  readonly net: Money;
  readonly postedAt: Date;
}

/**
 * What a partner earns on a posted invoice by the agreement in force on the posting day; null without one.
 * The same partner and invoice always make the same id.
 */
export function commissionOn(
  posting: InvoicePosting,
  partner: Pick<Partner, 'id' | 'timeZone' | 'agreements'>,
): Commission | null {
  const agreement = agreementInForce(partner.agreements, posting.postedAt, partner.timeZone);
  if (!agreement) return null;
  const ratePercent = agreement.commissionRatePercent;
  return {
    id: derivedId('commission', posting.invoiceId, partner.id),
    partnerId: partner.id,
    orderId: posting.orderId,
    invoiceId: posting.invoiceId,
    base: posting.net,
    ratePercent,
    amount: shareOf(posting.net, ratePercent),
    earnedAt: posting.postedAt,
  };
}

/** So many per cent of an amount, rounded once, half away from zero, to the minor unit of its currency. */
export function shareOf(base: Money, ratePercent: string): Money {
  const rate = decimal(ratePercent);
  return money(roundDivide(base.minor * rate.units, 100n * powerOfTen(rate.scale)), base.currency);
}
