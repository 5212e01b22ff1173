import { decimal, powerOfTen, roundDivide } from '@fulfillment/kernel/domain/decimal';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { add, money, type Money, subtract, sum } from '@fulfillment/kernel/domain/money';
import type { Partner } from './partner.js';
import { agreementInForce } from './partner-agreement.js';

/** What a partner earned on the charges of one document; negative where a credit of an earlier invoice takes it back. */
export interface Commission {
  readonly id: string;
  readonly partnerId: string;
  readonly orderId: string | null;
  /** The invoice or credit memo that it comes from. */
  readonly invoiceId: string;
  /** The invoice whose commission it takes back, or gives again; null for what was earned anew. */
  readonly reversesInvoiceId: string | null;
  readonly base: Money;
  /** Decimal text. */
  readonly ratePercent: string;
  readonly amount: Money;
  readonly earnedAt: Date;
}

/** A part of a document that gives back charges of an earlier invoice: negative, or positive where such a part is taken back. */
export interface CreditedPart {
  readonly invoiceId: string;
  readonly net: Money;
}

/** A document was posted: the sum of its lines, before tax, that belong to one partner of record. */
export interface InvoicePosting {
  readonly invoiceId: string;
  readonly orderId: string | null;
  readonly net: Money;
  /** The parts of `net` that are no charges of its own, one for each earlier invoice. */
  readonly credits: readonly CreditedPart[];
  readonly postedAt: Date;
}

/**
 * What a document brings a partner: on its own charges, by the agreement in force on the posting day, nothing without one; and of
 * each invoice that it credits, the share at the rate at which it was earned, nothing where nothing was. What is taken back in
 * parts is worked out from all of them together, so that all of a charge given back takes back exactly its commission.
 * The same partner and document always make the same ids.
 * @param earlier the partner's commissions on the invoices that are credited, and what was taken back of them
 */
export function commissionsOn(
  posting: InvoicePosting,
  partner: Pick<Partner, 'id' | 'timeZone' | 'agreements'>,
  earlier: readonly Commission[],
): Commission[] {
  const { invoiceId, orderId, postedAt } = posting;
  const facts = { partnerId: partner.id, orderId, invoiceId, earnedAt: postedAt };
  const given = sum(
    posting.credits.map(({ net }) => net),
    posting.net.currency,
  );
  const charges = subtract(posting.net, given);
  const agreement = agreementInForce(partner.agreements, postedAt, partner.timeZone);
  const ownCharges = charges.minor !== 0n || posting.credits.length === 0;
  const earned: Commission[] = [];
  if (agreement && ownCharges) {
    const ratePercent = agreement.commissionRatePercent;
    const id = derivedId('commission', invoiceId, partner.id);
    const amount = shareOf(charges, ratePercent);
    earned.push({ ...facts, id, reversesInvoiceId: null, base: charges, ratePercent, amount });
  }
  for (const credit of posting.credits) {
    const share = reversedShare(credit, earlier);
    if (share === null) continue;
    const id = derivedId('commission', invoiceId, partner.id, credit.invoiceId);
    earned.push({ ...facts, id, reversesInvoiceId: credit.invoiceId, base: credit.net, ...share });
  }
  return earned;
}

/** Null where nothing was earned on the invoice, or nothing more comes back. */
function reversedShare(
  { invoiceId, net }: CreditedPart,
  earlier: readonly Commission[],
): Pick<Commission, 'ratePercent' | 'amount'> | null {
  const original = earlier.find((one) => one.invoiceId === invoiceId && one.reversesInvoiceId === null);
  if (original === undefined) return null;
  const { ratePercent } = original;
  const before = earlier.filter((one) => one.reversesInvoiceId === invoiceId);
  const baseBefore = sum(
    before.map(({ base }) => base),
    net.currency,
  );
  const amountBefore = sum(
    before.map(({ amount }) => amount),
    net.currency,
  );
  return { ratePercent, amount: subtract(shareOf(add(baseBefore, net), ratePercent), amountBefore) };
}

/** So many per cent of an amount, rounded once, half away from zero, to the minor unit of its currency. */
export function shareOf(base: Money, ratePercent: string): Money {
  const rate = decimal(ratePercent);
  return money(roundDivide(base.minor * rate.units, 100n * powerOfTen(rate.scale)), base.currency);
}
