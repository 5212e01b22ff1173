import { compareDates, type LocalDate, localDateAt } from '@fulfillment/kernel/domain/calendar';
import { compareDecimals, decimal, parseDecimal } from '@fulfillment/kernel/domain/decimal';

/** What was agreed with a partner for the days from `startDate` up to, not including, `endDate`. */
export interface PartnerAgreement {
  readonly id: string;
  readonly startDate: LocalDate;
  readonly endDate: LocalDate;
  /** Decimal text, 0 to 100: "8.5" of every 100 that the partner's customers are invoiced. */
  readonly commissionRatePercent: string;
}

export type AgreementRefusal = 'AGREEMENT_EMPTY' | 'AGREEMENTS_OVERLAP' | 'COMMISSION_RATE_INVALID';

/** The agreement in force at an instant; its days are those of the partner's own time zone. */
export function agreementInForce(
  agreements: readonly PartnerAgreement[],
  at: Date,
  timeZone: string,
): PartnerAgreement | null {
  const day = localDateAt(at, timeZone);
  return (
    agreements.find(
      ({ startDate, endDate }) => compareDates(startDate, day) <= 0 && compareDates(day, endDate) < 0,
    ) ?? null
  );
}

/** What is wrong with a partner's agreements, if anything: no more than one may be in force on any day. */
export function refuseAgreements(agreements: readonly PartnerAgreement[]): AgreementRefusal | null {
  if (!agreements.every(hasRate)) return 'COMMISSION_RATE_INVALID';
  if (agreements.some(({ startDate, endDate }) => compareDates(startDate, endDate) >= 0))
    return 'AGREEMENT_EMPTY';
  const inOrder = agreements.toSorted((left, right) => compareDates(left.startDate, right.startDate));
  const overlap = inOrder.some((agreement, index) => {
    const next = inOrder[index + 1];
    return next !== undefined && compareDates(next.startDate, agreement.endDate) < 0;
  });
  return overlap ? 'AGREEMENTS_OVERLAP' : null;
}

const nothing = decimal('0');
const everything = decimal('100');

function hasRate({ commissionRatePercent }: PartnerAgreement): boolean {
  const rate = parseDecimal(commissionRatePercent);
  return rate.ok && compareDecimals(rate.value, nothing) >= 0 && compareDecimals(rate.value, everything) <= 0;
}
