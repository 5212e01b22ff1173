import { addMonths, localDate } from '../calendar.js';
import type { AgreedItem, Agreement } from './agreement.js';

/** An item for tests: a plan at 10.00 a month. */
export function exampleItem(item: Partial<AgreedItem> = {}): AgreedItem {
  return {
    productCode: 'PREMIUM',
    productName: 'Premium',
    productKind: 'PLAN',
    quantity: 1,
    unitPrice: '10.00',
    pricePeriod: 'MONTH',
    discount: null,
    ...item,
  };
}

/** An agreement for tests: one plan for a year from `start`, billed by the month. */
export function exampleAgreement(start: string, agreement: Partial<Agreement> = {}): Agreement {
  const startDate = localDate(start);
  return {
    currency: 'USD',
    term: { startDate, endDate: addMonths(startDate, 12), months: 12 },
    trial: false,
    billing: { period: 'MONTH', anchor: startDate, policy: 'ACTUAL_DAYS' },
    renewal: { automatic: true, termMonths: 12, upliftPercent: '0', planned: [] },
    subscriptionTerms: { decreaseAtOnce: true },
    items: [exampleItem()],
    suspendedOn: null,
    canceledOn: null,
    ...agreement,
  };
}
