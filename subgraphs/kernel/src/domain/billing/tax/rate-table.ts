import { legalEntities } from '../../legal-entity.js';
import { err, ok, type Result } from '../../result.js';
import { euMemberStates, standardRateOn } from './standard-rates.js';
import type { TaxableSale, TaxRate, TaxRates, TaxReason, TaxRefusal } from './tax-rates.js';

/** Where a legal entity of ours stands with the tax authorities. */
export interface TaxStanding {
  /** The country of its seat. */
  readonly establishedIn: string;
  /** Where it collects tax: at its seat, and from consumers elsewhere. */
  readonly registeredIn: readonly string[];
}

/**
 * EU: a Dutch B.V., registered in the Netherlands and, for consumers in the whole Union, in the One Stop Shop.
 * SANDBOX: as EU, for trying things out.
 * US: registered nowhere. Sales tax is a matter of states and counties, which no account tells; until one does, nothing is charged.
 */
export const ourTaxStandings: Readonly<Record<string, TaxStanding>> = {
  EU: { establishedIn: legalEntities.EU.countryCode, registeredIn: euMemberStates },
  US: { establishedIn: legalEntities.US.countryCode, registeredIn: [] },
  SANDBOX: { establishedIn: legalEntities.SANDBOX.countryCode, registeredIn: euMemberStates },
};

/** The tax port over the table of standard rates. */
export function createRateTable(
  standings: Readonly<Record<string, TaxStanding>> = ourTaxStandings,
): TaxRates {
  return { rateFor: async (sale) => tableRate(standings, sale) };
}

/** The rate of a sale as the table has it: 0 wherever we do not charge tax ourselves. */
export function tableRate(
  standings: Readonly<Record<string, TaxStanding>>,
  sale: TaxableSale,
): Result<TaxRate, TaxRefusal> {
  const seller = Object.hasOwn(standings, sale.legalEntityCode) ? standings[sale.legalEntityCode] : undefined;
  if (seller === undefined) return err('SELLER_UNKNOWN');
  const reason = reasonFor(seller, sale);
  const rate = isCharged(reason) ? standardRateOn(sale.buyerCountryCode, sale.on) : '0';
  return rate === null ? err('RATE_UNKNOWN') : ok({ rate, jurisdiction: sale.buyerCountryCode, reason });
}

/**
 * A service to a business is taxed where the buyer is, and inside the Union the buyer owes the tax, wherever the seller is (Directive
 * 2006/112/EC, articles 44 and 196); supplied electronically to a consumer, where the consumer is (article 58).
 */
function reasonFor(seller: TaxStanding, sale: TaxableSale): TaxReason {
  const { buyerCountryCode: country, buyerIsBusiness, taxCategory } = sale;
  if (taxCategory === 'EXEMPT') return 'EXEMPT';
  const registered = seller.registeredIn.includes(country);
  if (country === seller.establishedIn) return registered ? 'DOMESTIC' : 'NOT_REGISTERED';
  if (!buyerIsBusiness) return registered ? 'DESTINATION' : 'NOT_REGISTERED';
  return euMemberStates.includes(country) ? 'REVERSE_CHARGE' : 'EXPORT';
}

function isCharged(reason: TaxReason): boolean {
  return reason === 'DOMESTIC' || reason === 'DESTINATION';
}
