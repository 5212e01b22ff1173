import { formatDecimal, decimal } from '@fulfillment/kernel/domain/decimal';
import type { PartnerAgreement } from '../domain/partner-agreement.js';
import type { PartnerAgreement as GraphqlPartnerAgreement } from './__generated__/resolvers.js';

/** The database keeps a rate's trailing zeros; the graph shows the number. */
export function rateToGraphql(ratePercent: string): string {
  return formatDecimal(decimal(ratePercent));
}

export function agreementToGraphql(agreement: PartnerAgreement): GraphqlPartnerAgreement {
  return {
    startDate: agreement.startDate,
    endDate: agreement.endDate,
    commissionRatePercent: rateToGraphql(agreement.commissionRatePercent),
  };
}
