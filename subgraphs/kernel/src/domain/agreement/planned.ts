import { decimal, formatDecimal, roundDivide, powerOfTen, type Decimal } from '../decimal.js';
import type { AgreedItem, Agreement, PlannedChange } from './agreement.js';
import { percentOf } from './discount.js';

/** Unit prices after an uplift keep at most this many digits, so that they do not grow with every term. */
const upliftScale = 6;

/** An agreement in which a change waits for the next term, in place of what was planned for that product before. */
export function plan(agreement: Agreement, change: PlannedChange): Agreement {
  const { renewal } = agreement;
  return {
    ...agreement,
    renewal: { ...renewal, planned: [...withoutPlans(renewal.planned, change.productCode), change] },
  };
}

/** An agreement in which nothing waits for a product: what was done at once replaces what was planned for it. */
export function unplan(agreement: Agreement, productCode: string): Agreement {
  const { renewal } = agreement;
  return { ...agreement, renewal: { ...renewal, planned: withoutPlans(renewal.planned, productCode) } };
}

/**
 * The items of the next term: what is planned is done, what was bought once is left out, discounts that were agreed for one
 * term end, and unit prices rise by the uplift. A newly planned plan has its price already.
 */
export function nextTermItems({ items, renewal }: Pick<Agreement, 'items' | 'renewal'>): AgreedItem[] {
  return items
    .filter((item) => item.pricePeriod !== 'ONE_TIME')
    .flatMap((item) => {
      const change = renewal.planned.find(({ productCode }) => productCode === item.productCode);
      if (change?.kind === 'REMOVAL') return [];
      if (change?.kind === 'PLAN') return [change.item];
      const renewed = renewedItem(item, renewal.upliftPercent);
      return [change === undefined ? renewed : { ...renewed, quantity: change.quantity }];
    });
}

function renewedItem(item: AgreedItem, upliftPercent: string): AgreedItem {
  const discount = item.discount?.renews === true ? item.discount : null;
  return { ...item, discount, unitPrice: uplifted(item.unitPrice, upliftPercent) };
}

/** A unit price that rose by some per cent, exactly but for digits beyond the sixth. */
function uplifted(unitPrice: string, percent: string): string {
  const price = decimal(unitPrice);
  const rise = percentOf(price, decimal(percent));
  if (rise.units === 0n) return unitPrice;
  const scale = Math.max(price.scale, rise.scale);
  const units = atScale(price, scale) + atScale(rise, scale);
  if (scale <= upliftScale) return formatDecimal({ units, scale });
  return formatDecimal({ units: roundDivide(units, powerOfTen(scale - upliftScale)), scale: upliftScale });
}

function atScale({ units, scale }: Decimal, wanted: number): bigint {
  return units * powerOfTen(wanted - scale);
}

function withoutPlans(planned: readonly PlannedChange[], productCode: string): PlannedChange[] {
  return planned.filter((change) => change.productCode !== productCode);
}
